const FIRST_MS = 500;
const MOST_MS = 30_000;

/** Full jitter: anything from nothing up to a bound that doubles with each failure. Milliseconds. */
export function backoff(failures: number, random: () => number = Math.random): number {
  return Math.floor(random() * Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 10)));
}
