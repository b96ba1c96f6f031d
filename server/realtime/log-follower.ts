import type { LogEntry } from '../log/log-entry.ts';
import type { LogReader } from '../log/log-reader.ts';

/** Of the log, in one read. */
const POSITIONS_PER_READ = 5_000;

export interface LogFollowerOptions {
  epoch: string;
  /** What is older is of no interest. */
  pos: number;
  log: Pick<LogReader, 'range' | 'head'>;
  /** Gets each entry once, in order of `pos`, when `pos` stands at it. */
  take(entry: LogEntry): void;
  onError(error: unknown): void;
  /** Another database stands where ours was, such as one restored from a backup. */
  onReplaced?(): void;
  /**
   * The same database as it was before entries that were taken: a standby took its place that lacked them. Called again
   * and again until the process ends.
   */
  onWentBack?(): Promise<void> | void;
  /** Whether something else was taken at the position of this one. */
  contradicts?(entry: LogEntry): boolean;
}

/** Follows the log without a gap: what this node wrote is handed to it, what others wrote it reads. */
export class LogFollower {
  #pos: number;
  /** Entries that must wait until a gap before them is read from the log. */
  #ahead: LogEntry[] = [];
  #isFilling = false;
  #filled: Promise<void> = Promise.resolve();
  #looking: Promise<void> | null = null;
  /** The look after the one that is under way. */
  #nextLook: Promise<void> | null = null;
  /** Positions that were taken are given out again. */
  #wentBack = false;

  constructor(private readonly options: LogFollowerOptions) {
    this.#pos = options.pos;
  }

  /** Everything up to here was taken. */
  get pos(): number {
    return this.#pos;
  }

  /** Takes what was committed, in order of `pos`. A gap means that another node wrote: the log is read for it. */
  publish(entries: readonly LogEntry[]): void {
    if (this.#isFilling) {
      this.#ahead.push(...entries);
      return;
    }
    for (let i = 0; i < entries.length; i += 1) {
      const entry = entries[i];
      if (!entry) continue;
      if (entry.pos <= this.#pos) {
        if (!this.#wentBack && this.options.contradicts?.(entry)) {
          this.#wentBack = true;
          void this.catchUp();
        }
        continue;
      }
      if (entry.pos > this.#pos + 1) {
        this.#ahead.push(...entries.slice(i));
        void this.#fill(entry.pos - 1);
        return;
      }
      this.#take(entry);
    }
  }

  /**
   * Looks whether the log went on without us: the safety net under lost pokes. When it resolves, everything that was
   * committed before the call was taken, unless the database could not tell. Those who ask while a look is under way
   * share the next one, for the head of that one may have been read too early for them.
   */
  catchUp(): Promise<void> {
    if (this.#looking) {
      this.#nextLook ??= this.#looking.then(() => {
        this.#nextLook = null;
        return this.catchUp();
      });
      return this.#nextLook;
    }
    this.#looking = this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    try {
      // What was taken was committed: no head that is read from now on stands before it.
      const taken = this.#pos;
      const { epoch, pos } = await this.options.log.head();
      if (epoch !== this.options.epoch) return this.options.onReplaced?.();
      if (pos < taken || this.#wentBack) {
        this.#wentBack = true;
        return await this.options.onWentBack?.();
      }
      while (pos > this.#pos) {
        const before = this.#pos;
        await (this.#isFilling ? this.#filled : this.#fill(pos));
        // The read failed, and was reported: the next look tries again.
        if (this.#pos === before && !this.#isFilling) return;
      }
    } catch (error) {
      this.options.onError(error);
    }
  }

  #fill(upTo: number): Promise<void> {
    this.#filled = this.#readUpTo(upTo);
    return this.#filled;
  }

  async #readUpTo(upTo: number): Promise<void> {
    this.#isFilling = true;
    try {
      while (this.#pos < upTo) {
        const end = Math.min(upTo, this.#pos + POSITIONS_PER_READ);
        for (const entry of await this.options.log.range(this.#pos, end))
          if (entry.pos > this.#pos) this.#take(entry);
        // Newest-value rows leave holes when they are overwritten: what was not found no longer exists.
        if (end > this.#pos) this.#pos = end;
      }
    } catch (error) {
      this.options.onError(error);
    } finally {
      this.#isFilling = false;
    }
    const ahead = this.#ahead.splice(0).sort((a, b) => a.pos - b.pos);
    // After a failed read the gap is still there: the poll tries again, and what waited is read from the log then.
    const next = ahead.find((entry) => entry.pos > this.#pos);
    if (next && next.pos === this.#pos + 1) this.publish(ahead);
    else if (next && upTo <= this.#pos) void this.#fill(next.pos - 1).then(() => this.publish(ahead));
  }

  #take(entry: LogEntry): void {
    this.#pos = entry.pos;
    this.options.take(entry);
  }
}
