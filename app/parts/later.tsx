import type { ComponentType } from 'react';
import { makePart, type Part } from './part.ts';
import { usePart } from './use-part.ts';

const ahead: Part<unknown>[] = [];

interface Options<P> {
  /** Stands where it will be; nothing unless given. */
  Place?: ComponentType<P>;
  /** Waits until it is shown, for it is large and many pages never need it. */
  isRare?: boolean;
}

/**
 * A part of the screen that is not there when a page is first painted: its code comes when it is first shown, or before,
 * by `fetchLaterParts`. Then it shows at once, in the same rendering.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  { Place, isRare = false }: Options<P> = {},
): ComponentType<P> {
  const part = makePart(load);
  if (!isRare) ahead.push(part);
  return (props: P) => {
    const Shown = usePart(part) ?? Place;
    return Shown ? <Shown {...props} /> : null;
  };
}

/** Fetches what is not rare, one part after the other, each once the page has nothing else to do. Returns how to stop. */
export function fetchLaterParts(): () => void {
  let isStopped = false;
  void (async () => {
    for (const part of ahead) {
      await new Promise<void>(whenIdle);
      if (isStopped) return;
      // Without a network it comes when it is wanted.
      await part.fetch().catch(() => {});
    }
  })();
  return () => {
    isStopped = true;
  };
}

const AT_LATEST_MS = 5_000;
const SOON_MS = 200;

/** Safari has no word for it. */
function whenIdle(act: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(act, { timeout: AT_LATEST_MS });
  else setTimeout(act, SOON_MS);
}
