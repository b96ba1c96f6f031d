import { type ComponentType, type ReactNode, useEffect, useState } from 'react';

/** A component whose code may not be here yet. */
interface Part<P> {
  Component: ComponentType<P> | null;
  fetch(): Promise<void>;
}

const TRY_AGAIN_MS = 2_000;
const fetches: (() => Promise<void>)[] = [];

/**
 * A part of the screen that is not there when a page is first painted: its code comes when it is first shown, or before,
 * by `fetchLaterParts`. Then it shows at once, in the same rendering. What cannot be fetched is tried again for as long
 * as it is wanted; `place` stands where it will be.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  place: ReactNode = null,
): ComponentType<P> {
  const part: Part<P> = {
    Component: null,
    async fetch() {
      part.Component ??= await load();
    },
  };
  fetches.push(part.fetch);
  return (props: P) => <Later part={part} place={place} given={props} />;
}

function Later<P extends object>({
  part,
  place,
  given,
}: {
  part: Part<P>;
  place: ReactNode;
  given: P;
}): ReactNode {
  const [isHere, setHere] = useState(part.Component !== null);
  useEffect(() => {
    if (isHere) return;
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const get = () =>
      part.fetch().then(
        () => !isGone && setHere(true),
        () => {
          if (!isGone) timer = setTimeout(get, TRY_AGAIN_MS);
        },
      );
    void get();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [part, isHere]);
  return part.Component ? <part.Component {...given} /> : place;
}

/** Fetches all of them, one after the other, each once the page has nothing else to do. Returns how to stop. */
export function fetchLaterParts(): () => void {
  let isStopped = false;
  void (async () => {
    for (const fetch of fetches) {
      await new Promise<void>(whenIdle);
      if (isStopped) return;
      // Without a network it comes when it is wanted.
      await fetch().catch(() => {});
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
