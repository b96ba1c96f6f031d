import { useEffect, useState } from 'react';
import { importPart } from './import-part.ts';

/** What a page may not have yet. */
export interface Part<T> {
  /** Null until it is here. */
  value: T | null;
  fetch(): Promise<void>;
}

export function makePart<T>(load: () => Promise<T>): Part<T> {
  const part: Part<T> = {
    value: null,
    async fetch() {
      part.value ??= await importPart(load);
    },
  };
  return part;
}

const TRY_AGAIN_MS = 2_000;

/** Fetches a part, again and again where it cannot be had, and tells once it is here. Returns how to stop. */
export function fetchUntilHere<T>(part: Part<T>, onHere: (value: T) => void): () => void {
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const get = () =>
    part.fetch().then(
      () => {
        if (!isStopped && part.value !== null) onHere(part.value);
      },
      () => {
        if (!isStopped) timer = setTimeout(get, TRY_AGAIN_MS);
      },
    );
  void get();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/** What a part is, once it is here. What cannot be had is tried again for as long as it is wanted. */
export function usePart<T>(part: Part<T>, isWanted = true): T | null {
  const [isHere, setHere] = useState(part.value !== null);
  useEffect(() => {
    if (isHere || !isWanted) return;
    return fetchUntilHere(part, () => setHere(true));
  }, [part, isHere, isWanted]);
  return part.value;
}
