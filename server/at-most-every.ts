/** Calls through, and then not again for a while: for what happens to everyone at once and is worth one line. */
export function atMostEvery<A extends unknown[]>(
  ms: number,
  call: (...args: A) => void,
): (...args: A) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (...args) => {
    const now = performance.now();
    if (now - last < ms) return;
    last = now;
    call(...args);
  };
}
