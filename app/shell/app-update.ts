import { fetchUntilHere, makePart } from '../parts/part.ts';
import { watchParts } from '../parts/watch-parts.ts';
import { Store } from '../sync/store.ts';
import { isHalfTyped, watchTyping } from './half-typed.ts';

/** Why this page should be loaded anew: there is a newer version, or a part of this one did not arrive. */
export const reloadOffer = new Store<'newer' | 'incomplete' | null>(null);

const RELOADED = 'j-star-chat:reloaded-incomplete';
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

/** Here long before it is needed: a page that is made of lost parts alone loads anew as it is. */
const newest = makePart(() => import('./newest-version.ts'));

/** The person took the offer. Every other tab follows a newer version as soon as nobody types in it. */
export function takeOffer(): void {
  if (newest.value) void newest.value.loadNewestVersion();
  else window.location.reload();
}

/** Looks after the parts and the version of this page; called once a page, which is painted first. */
export function watchForUpdates(): void {
  if (!import.meta.env.PROD) return;
  watchTyping();
  document.addEventListener('input', () => {
    lastInput = Date.now();
  });
  watchParts({
    onGone: () => reloadOffer.set('newer'),
    onLost() {
      reloadOffer.set('incomplete');
      // What it lacks may be what sends.
      when(mayGo, () => mayReloadByItself() && window.location.reload());
    },
  });
  if (!('serviceWorker' in navigator)) return;
  // The very first worker takes over a page that already runs its version.
  let isControlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (isControlled) when(mayGo, () => window.location.reload());
    isControlled = true;
  });
  fetchUntilHere(newest, () => {});
  const registering = makePart(() => import('./keep-registered.ts'));
  fetchUntilHere(registering, ({ keepRegistered }) =>
    keepRegistered(() => when(isQuiet, () => reloadOffer.set('newer'))),
  );
}

/** Once a tab, so that a page whose part never arrives does not reload for ever. */
function mayReloadByItself(): boolean {
  try {
    if (sessionStorage.getItem(RELOADED)) return false;
    sessionStorage.setItem(RELOADED, '1');
    return true;
  } catch {
    return false;
  }
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
