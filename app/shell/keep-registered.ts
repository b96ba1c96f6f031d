import { Workbox } from 'workbox-window';

const ASK_EVERY_MS = 60 * 60 * 1000;
const TRY_EVERY_MS = 30 * 1000;

/** Registers the service worker until it is installed, asks for newer ones from then on, and tells when one waits. */
export function keepRegistered(onWaiting: () => void): void {
  let workbox: Workbox | null = null;
  const register = () => {
    workbox = new Workbox('/sw.js', { updateViaCache: 'none' });
    workbox.addEventListener('waiting', onWaiting);
    return workbox.register();
  };
  const ask = async () => {
    // A registration goes with a first worker whose files did not all arrive. Those that did are kept for the next one.
    const isRegistered = (await registration()) !== undefined;
    await (workbox && isRegistered ? workbox.update() : register());
  };
  // In a private window, or with a captive portal's page instead of the worker, the app works without.
  const askInPeace = () => void ask().catch(() => {});
  askInPeace();
  // The first worker takes over what is open, but not a page that is just being fetched: that one asks for it.
  void navigator.serviceWorker.ready.then(({ active }) => {
    if (!navigator.serviceWorker.controller) active?.postMessage({ type: 'CLAIM' });
  });
  const trying = setInterval(async () => {
    const { active, installing } = (await registration()) ?? {};
    if (active) clearInterval(trying);
    else if (!installing) askInPeace();
  }, TRY_EVERY_MS);
  setInterval(askInPeace, ASK_EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') askInPeace();
  });
}

const registration = () => navigator.serviceWorker.getRegistration().catch(() => undefined);
