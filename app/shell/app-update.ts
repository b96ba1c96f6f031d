import { Store } from '../sync/store.ts';

/** A new version of the app is on this device and waits for its turn. */
export const updateWaits = new Store(false);

const ASK_EVERY_MS = 60 * 60 * 1000;
const LOOK_EVERY_MS = 1_000;
const QUIET_MS = 5_000;

let lastInput = 0;
let isSending: () => boolean = () => false;
let accept: () => void = () => {};

/** Nobody is in the middle of a sentence, and nothing is on its way. */
function isQuiet(): boolean {
  return Date.now() - lastInput > QUIET_MS && !isSending();
}

/** Tells what counts as being busy beside typing. */
export function setBusyCheck(check: () => boolean): void {
  isSending = check;
}

/** The person took the offer. Every tab follows as soon as nobody types in it. */
export function takeUpdate(): void {
  accept();
}

/** Registers the service worker and looks for new versions; called once a page, which is painted first. */
export async function watchForUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  document.addEventListener('input', () => {
    lastInput = Date.now();
  });
  // The very first worker takes over a page that already runs its version.
  let isControlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (isControlled) whenQuiet(() => window.location.reload());
    isControlled = true;
  });
  const { Workbox } = await import('workbox-window');
  const workbox = new Workbox('/sw.js', { updateViaCache: 'none' });
  const offer = () => whenQuiet(() => updateWaits.set(true));
  workbox.addEventListener('waiting', offer);
  accept = () => {
    lastInput = 0;
    workbox.messageSkipWaiting();
  };
  const ask = () => {
    if (document.visibilityState === 'visible') workbox.update().catch(() => {});
  };
  workbox
    .register()
    .then(() => setInterval(ask, ASK_EVERY_MS))
    .catch(() => {
      // A private window, or a captive portal's page instead of the worker: the app works without.
    });
  document.addEventListener('visibilitychange', ask);
}

function whenQuiet(act: () => void): void {
  if (isQuiet()) {
    act();
    return;
  }
  const timer = setInterval(() => {
    if (!isQuiet()) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY_MS);
}
