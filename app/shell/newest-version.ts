/**
 * Loads this page anew as the newest version that can be had: a service worker of an older one would answer with the
 * older pages again.
 */
export async function loadNewestVersion(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  const waiting = registration && (await newestOf(registration));
  if (!waiting) return window.location.reload();
  navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload());
  waiting.postMessage({ type: 'SKIP_WAITING' });
}

/** The worker that waits for its turn, once one that is being installed is. */
async function newestOf(registration: ServiceWorkerRegistration): Promise<ServiceWorker | null> {
  // Without a network there is nothing newer.
  await atMost(ASKED_MS, registration.update());
  const { installing } = registration;
  if (installing)
    await atMost(
      INSTALLED_MS,
      new Promise<void>((resolve) => {
        const look = () => installing.state !== 'installing' && resolve();
        installing.addEventListener('statechange', look);
        look();
      }),
    );
  return registration.waiting;
}

/** Whoever pressed the button waits no longer than this for a network that says nothing. Milliseconds. */
const ASKED_MS = 5_000;
const INSTALLED_MS = 20_000;

function atMost(ms: number, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work.catch(() => {}), new Promise((resolve) => setTimeout(resolve, ms))]);
}
