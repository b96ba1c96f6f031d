import type { UserId } from '../../protocol/ids.ts';
import { type Frame, joinBytes } from './frame.ts';
import type { Stream } from './stream.ts';

/** Frames that follow each other and go to the same streams. */
interface Run {
  frames: Frame[];
  /** Of each frame; null for ephemeral ones. */
  positions: (number | null)[];
  to: ReadonlySet<Stream>;
  except: UserId | null;
}

export interface TickQueueOptions {
  /** The hub's position, which is also the cursor of ephemeral frames. */
  position(): number;
  hand(stream: Stream, frames: readonly Frame[], bytes: Buffer): void;
  onFlushed(frames: number, seconds: number): void;
}

/** A fan-out that takes less than this is followed by the next one at once. */
const RESTS_FROM_MS = 1;
/** Of the time that a fan-out took. */
const REST = 0.5;
const RESTS_AT_MOST_MS = 20;

/**
 * Frames of one turn of the event loop leave together, in order, in one write per stream. Streams that get the same
 * frames share one buffer, however many sessions spoke in that turn.
 *
 * A fan-out to thousands is mostly a write for each of them. After one, half as much time again is left to everything
 * else, and what is said meanwhile leaves in the next: whoever is behind catches up with few writes that carry much.
 * To a few, nothing is ever held back.
 */
export class TickQueue {
  #runs: Run[] = [];
  #frames = 0;
  #isPlanned = false;
  /** On the clock of `performance.now`. */
  #restsUntil = 0;

  constructor(private readonly options: TickQueueOptions) {}

  add(frame: Frame, pos: number | null, to: ReadonlySet<Stream>, except: UserId | null): void {
    if (to.size === 0) return;
    this.#frames += 1;
    const last = this.#runs.at(-1);
    if (last && last.to === to && last.except === except) {
      last.frames.push(frame);
      last.positions.push(pos);
    } else this.#runs.push({ frames: [frame], positions: [pos], to, except });
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    const rest = this.#restsUntil - performance.now();
    if (rest > 0) setTimeout(() => this.flush(), rest);
    else setImmediate(() => this.flush());
  }

  flush(): void {
    this.#isPlanned = false;
    const runs = this.#runs;
    if (runs.length === 0) return;
    const frames = this.#frames;
    this.#runs = [];
    this.#frames = 0;
    const started = performance.now();
    for (const [stream, parcel] of this.#pack(runs)) this.options.hand(stream, parcel.frames, parcel.bytes);
    const ended = performance.now();
    const took = ended - started;
    this.#restsUntil = took < RESTS_FROM_MS ? 0 : ended + Math.min(took * REST, RESTS_AT_MOST_MS);
    this.options.onFlushed(frames, took / 1000);
  }

  #pack(runs: readonly Run[]): Iterable<[Stream, Parcel]> {
    const parcels = new Map<Stream, Parcel>();
    const nothing = new Parcel([]);
    for (const run of runs) {
      const lowest = this.#lowest(run);
      for (const stream of run.to) {
        if (run.except === stream.subscriber.userId) continue;
        const parcel = parcels.get(stream) ?? nothing;
        // A stream whose replay was ahead of the hub must not get again what it has.
        const next = stream.skipUpTo < lowest ? parcel.and(run) : parcel.andOnly(this.#newTo(stream, run));
        if (next !== nothing) parcels.set(stream, next);
      }
    }
    return parcels;
  }

  #lowest({ positions }: Run): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const pos of positions) lowest = Math.min(lowest, pos ?? this.options.position());
    return lowest;
  }

  #newTo(stream: Stream, { frames, positions }: Run): Frame[] {
    const position = this.options.position();
    return frames.filter((_, i) => {
      const pos = positions[i] ?? null;
      // An ephemeral frame's cursor is the hub's position, which must not take a stream that is ahead back.
      return pos === null ? position >= stream.skipUpTo : pos > stream.skipUpTo;
    });
  }
}

/** What one or more streams get in one write. Grows along shared paths, so that equal parcels are the same object. */
class Parcel {
  #next = new Map<Run, Parcel>();
  #bytes: Buffer | null = null;

  constructor(readonly frames: readonly Frame[]) {}

  get bytes(): Buffer {
    this.#bytes ??= joinBytes(this.frames);
    return this.#bytes;
  }

  and(run: Run): Parcel {
    let next = this.#next.get(run);
    if (!next) {
      next = new Parcel(this.frames.length === 0 ? run.frames : [...this.frames, ...run.frames]);
      this.#next.set(run, next);
    }
    return next;
  }

  /** For one stream alone. */
  andOnly(frames: readonly Frame[]): Parcel {
    return frames.length === 0 ? this : new Parcel([...this.frames, ...frames]);
  }
}
