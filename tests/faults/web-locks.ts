type Work = (lock: unknown) => unknown;

interface Waiting {
  start(): void;
}

interface Options {
  steal?: boolean;
  signal?: AbortSignal;
}

/**
 * As much of the Web Locks API as the app uses, for the tabs of simulated devices that share one process: exclusive
 * locks in the order of asking, waiting no longer than a signal says, and stealing, which rejects the call of whoever
 * held the lock.
 */
export class WebLocks {
  #held = new Map<string, { clientId: string; lost(error: unknown): void }>();
  #holders = 0;
  #waiting = new Map<string, Waiting[]>();

  request(name: string, ...rest: [Work] | [Options, Work]): Promise<unknown> {
    const work = rest.at(-1) as Work; // the last argument, in both ways of calling
    const { steal = false, signal }: Options = rest.length === 2 ? rest[0] : {};
    return new Promise((resolve, reject) => {
      const start = () => {
        // Each asks for itself alone: here a tab is no client with a name of its own.
        this.#holders += 1;
        const holder = { clientId: `${this.#holders}`, lost: reject };
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
      } else if (holder) {
        const waiting = { start };
        this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), waiting]);
        signal?.addEventListener('abort', () => {
          const queue = this.#waiting.get(name) ?? [];
          if (!queue.includes(waiting)) return;
          this.#waiting.set(
            name,
            queue.filter((one) => one !== waiting),
          );
          reject(new DOMException('Nobody waits any more.', 'AbortError'));
        });
      } else start();
    });
  }

  async query(): Promise<{ held: { name: string; clientId: string }[] }> {
    return { held: [...this.#held].map(([name, { clientId }]) => ({ name, clientId })) };
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
