import type { Logger } from 'pino';

type Listener<T> = (value: T) => void | Promise<void>;

/** Whoever wants to hear of something. A listener that fails is logged and keeps nobody else from hearing. */
export class Listeners<T> {
  readonly #listeners = new Set<Listener<T>>();

  constructor(readonly log: Logger) {}

  add(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Resolves once all have been told. */
  async tell(value: T): Promise<void> {
    for (const listener of this.#listeners) {
      try {
        await listener(value);
      } catch (error) {
        this.log.error({ err: error }, 'a listener failed');
      }
    }
  }
}
