import { importPart } from './import-part.ts';

/** What a page may not have yet. */
export interface Part<T> {
  /** Null until it is here. */
  value: T | null;
  /** Resolves with it; asks for nothing once it is here. Rejects where it cannot be had, and may be called again. */
  fetch(): Promise<T>;
}

export function makePart<T>(load: () => Promise<T>): Part<T> {
  const part: Part<T> = {
    value: null,
    async fetch() {
      part.value ??= await importPart(load);
      return part.value;
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
      (value) => {
        if (!isStopped) onHere(value);
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
