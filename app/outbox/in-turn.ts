/**
 * Does work as soon as the lock is free.
 * @returns false when it was not for so many milliseconds; then nothing was done
 */
export async function inTurn(
  locks: LockManager,
  name: string,
  work: () => Promise<void>,
  patienceMs: number,
): Promise<boolean> {
  const tired = new AbortController();
  const timer = setTimeout(() => tired.abort(), patienceMs);
  try {
    await locks.request(name, { signal: tired.signal }, () => {
      clearTimeout(timer);
      return work();
    });
    return true;
  } catch (error) {
    if (!tired.signal.aborted) throw error;
    return false;
  } finally {
    clearTimeout(timer);
  }
}
