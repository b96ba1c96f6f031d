import { checkBeforeImport } from './import-part.ts';
import { type Whereabouts, whereParts } from './where-parts-are.ts';

const LOOK_AGAIN_MS = 2_000;

/** What a page is told of its parts; loading it anew is what helps in both cases. */
interface Told {
  /** Its version is gone from the server: the button that wants a part of it would be dead. */
  onGone(): void;
  /** A part got lost on its way, and only a page that is loaded anew can have it; by now it could. */
  onLost(): void;
}

/** Lets this page import its parts only while they can be had, and tells where that did not help. */
export function watchParts({ onGone, onLost }: Told): void {
  checkBeforeImport(async () => {
    const where = await whereParts();
    if (where === 'gone') onGone();
    if (where === 'gone' || where === 'out of reach')
      throw new TypeError(`The parts of this page are ${where}`);
  });
  let isLooking = false;
  // Vite's word for any `import()` of its bundles that fails.
  window.addEventListener('vite:preloadError', async () => {
    if (isLooking) return;
    isLooking = true;
    const where = await backInReach();
    if (where === 'gone') onGone();
    else onLost();
  });
}

async function backInReach(): Promise<Whereabouts> {
  for (;;) {
    const where = await whereParts();
    if (where !== 'out of reach') return where;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
