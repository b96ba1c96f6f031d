import type { LogEntry } from '../log/log-entry.ts';

/** The newest entries of the log, for streams whose replay ended a moment before the hub's present. */
export class RecentEntries {
  #entries: LogEntry[] = [];

  constructor(private readonly capacity: number) {}

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    // Dropped by halves, so that the cost per entry stays constant.
    if (this.#entries.length > this.capacity * 2) this.#entries.splice(0, this.capacity);
  }

  /** @returns entries above `pos` in order, or null when some of them are no longer here */
  after(pos: number, present: number): readonly LogEntry[] | null {
    if (pos >= present) return [];
    const oldest = this.#entries[0];
    if (!oldest || oldest.pos > pos + 1) return null;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.pos ?? 0) > pos) high = middle;
      else low = middle + 1;
    }
    return this.#entries.slice(low);
  }

  clear(): void {
    this.#entries = [];
  }
}
