import { Store } from '../sync/store.ts';
import { isHalfTyped, watchTyping } from './half-typed.ts';
import { watchForLostParts } from './lost-parts.ts';
import { loadNewestVersion } from './newest-version.ts';

/** There is a newer version of the app than this page. */
export const updateWaits = new Store(false);

const ASK_EVERY_MS = 60 * 60 * 1000;
const LOOK_EVERY_MS = 1_000;
const QUIET_MS = 5_000;

let lastInput = 0;
let isSending: () => boolean = () => false;

/** Nobody is in the middle of a sentence, and nothing is on its way. */
function isQuiet(): boolean {
  return Date.now() - lastInput > QUIET_MS && !isSending();
}

/** Nor is there anything that would be gone. */
const mayGo = () => isQuiet() && !isHalfTyped();

/** Tells what counts as being busy beside typing. */
export function setBusyCheck(check: () => boolean): void {
  isSending = check;
}

/** The person took the offer. Every other tab follows as soon as nobody types in it. */
export function takeUpdate(): void {
  void loadNewestVersion();
}

/** Registers the service worker and looks for new versions; called once a page, which is painted first. */
export async function watchForUpdates(): Promise<void> {
  if (!import.meta.env.PROD) return;
  watchTyping();
  watchForLostParts(() => updateWaits.set(true));
  if (!('serviceWorker' in navigator)) return;
  document.addEventListener('input', () => {
    lastInput = Date.now();
  });
  // The very first worker takes over a page that already runs its version.
  let isControlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (isControlled) when(mayGo, () => window.location.reload());
    isControlled = true;
  });
  const { Workbox } = await import('workbox-window');
  const workbox = new Workbox('/sw.js', { updateViaCache: 'none' });
  const offer = () => when(isQuiet, () => updateWaits.set(true));
  workbox.addEventListener('waiting', offer);
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

function when(isTime: () => boolean, act: () => void): void {
  if (isTime()) {
    act();
    return;
  }
  const timer = setInterval(() => {
    if (!isTime()) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY_MS);
}
