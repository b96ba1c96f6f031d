/** Resolves after a pause, or as soon as there may be a network again and somebody looks. */
export function networkChance(pauseMs: number): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      if (document.visibilityState === 'hidden') return;
      clearTimeout(timer);
      window.removeEventListener('online', over);
      document.removeEventListener('visibilitychange', over);
      resolve();
    };
    const timer = setTimeout(over, pauseMs);
    window.addEventListener('online', over);
    document.addEventListener('visibilitychange', over);
  });
}
