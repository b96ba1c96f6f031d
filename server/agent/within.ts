/** Gives work a signal that is aborted after a while, or with another one. (`AbortSignal.any` leaks on Node 20.) */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const quit = () => own.abort();
  const timer = setTimeout(quit, ms);
  signal.addEventListener('abort', quit, { once: true });
  if (signal.aborted) quit();
  try {
    return await work(own.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', quit);
  }
}
