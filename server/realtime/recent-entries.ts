import type { LogEntry } from '../log/log-entry.ts';
import type { Frame } from './frame.ts';

export interface RecentEntry {
  entry: LogEntry;
  /** As it was sent to those who were there. */
  frame: Frame;
}

/** The newest entries of the log with their frames, for streams that come back, or whose replay just ended. */
export class RecentEntries {
  #entries: RecentEntry[] = [];
  #bytes = 0;

  constructor(
    private readonly countAtMost: number,
    private readonly bytesAtMost: number,
  ) {}

  add(entry: LogEntry, frame: Frame): void {
    this.#entries.push({ entry, frame });
    this.#bytes += frame.bytes.length;
    if (this.#entries.length <= this.countAtMost && this.#bytes <= this.bytesAtMost) return;
    // Dropped by halves, so that the cost per entry stays constant.
    let drop = 0;
    while (drop < this.#entries.length - this.countAtMost / 2 || this.#bytes > this.bytesAtMost / 2) {
      this.#bytes -= this.#entries[drop]?.frame.bytes.length ?? 0;
      drop += 1;
    }
    this.#entries.splice(0, drop);
  }

  /** @returns entries above `pos` in order, or null when some of them are no longer here */
  after(pos: number, present: number): readonly RecentEntry[] | null {
    if (pos >= present) return [];
    const oldest = this.#entries[0];
    if (!oldest || oldest.entry.pos > pos + 1) return null;
    return this.#entries.slice(this.#firstAfter(pos));
  }

  /** The entry at exactly this position, if it is still here. */
  at(pos: number): LogEntry | null {
    const found = this.#entries[this.#firstAfter(pos - 1)]?.entry;
    return found?.pos === pos ? found : null;
  }

  #firstAfter(pos: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.entry.pos ?? 0) > pos) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
