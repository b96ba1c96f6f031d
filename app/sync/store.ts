import { tellOne } from '../local-db/tell-one.ts';

/** A value that can be watched; what React's useSyncExternalStore wants. */
export class Store<T> {
  #listeners = new Set<() => void>();

  constructor(private value: T) {}

  get = (): T => this.value;

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.#listeners]) tellOne(listener);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
