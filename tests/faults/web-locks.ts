type Work = (lock: unknown) => unknown;

interface Waiting {
  start(): void;
}

/**
 * As much of the Web Locks API as the app uses, for the tabs of simulated devices that share one process: exclusive
 * locks in the order of asking, and stealing, which rejects the call of whoever held the lock.
 */
export class WebLocks {
  #held = new Map<string, { lost(error: unknown): void }>();
  #waiting = new Map<string, Waiting[]>();

  request(name: string, ...rest: [Work] | [{ steal?: boolean }, Work]): Promise<unknown> {
    const work = rest.at(-1) as Work; // the last argument, in both ways of calling
    const steal = rest.length === 2 && rest[0].steal === true;
    return new Promise((resolve, reject) => {
      const start = () => {
        const holder = { lost: reject };
        this.#held.set(name, holder);
        Promise.resolve()
          .then(() => work({ name }))
          .then(resolve, reject)
          .finally(() => {
            if (this.#held.get(name) !== holder) return;
            this.#held.delete(name);
            this.#waiting.get(name)?.shift()?.start();
          });
      };
      const holder = this.#held.get(name);
      if (holder && steal) {
        holder.lost(new DOMException('The lock was stolen.', 'AbortError'));
        start();
      } else if (holder) this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), { start }]);
      else start();
    });
  }
}

/** Gives this process what a browser's tabs share. */
export function installWebLocks(): void {
  if (typeof navigator !== 'undefined' && navigator.locks) return;
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: { locks: new WebLocks(), onLine: true },
  });
}
