/** Something that happens, for whoever listens. */
export class Signal<T> {
  #listeners = new Set<(told: T) => void>();

  /** Returns what ends it. */
  add(listener: (told: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(told: T): void {
    for (const listener of [...this.#listeners]) listener(told);
  }
}
