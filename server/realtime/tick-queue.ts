import type { UserId } from '../../protocol/ids.ts';
import { type Frame, joinBytes } from './frame.ts';
import type { Stream } from './stream.ts';

interface Waiting {
  frame: Frame;
  /** Null for ephemeral frames. */
  pos: number | null;
  to: ReadonlySet<Stream>;
  except: UserId | null;
}

export interface TickQueueOptions {
  /** The hub's position, which is also the cursor of ephemeral frames. */
  position(): number;
  hand(stream: Stream, frames: readonly Frame[], bytes: Buffer): void;
  onFlushed(frames: number, seconds: number): void;
}

/** Frames of one turn of the event loop leave together, in order, in one write per stream. */
export class TickQueue {
  #waiting: Waiting[] = [];
  #isPlanned = false;

  constructor(private readonly options: TickQueueOptions) {}

  add(frame: Frame, pos: number | null, to: ReadonlySet<Stream>, except: UserId | null): void {
    if (to.size === 0) return;
    this.#waiting.push({ frame, pos, to, except });
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => this.flush());
  }

  flush(): void {
    this.#isPlanned = false;
    const waiting = this.#waiting;
    const [first] = waiting;
    if (!first) return;
    this.#waiting = [];
    const started = performance.now();
    if (waiting.every((item) => item.to === first.to && item.except === null))
      this.#shareAll(waiting, first.to);
    else {
      const streams = new Set<Stream>();
      for (const item of waiting) for (const stream of item.to) streams.add(stream);
      for (const stream of streams) this.#pickFor(stream, waiting);
    }
    this.options.onFlushed(waiting.length, (performance.now() - started) / 1000);
  }

  /** All of it goes to the same streams: they share one buffer. */
  #shareAll(waiting: readonly Waiting[], to: ReadonlySet<Stream>): void {
    const frames = waiting.map((item) => item.frame);
    const bytes = joinBytes(frames);
    const lowest = waiting[0]?.pos ?? this.options.position();
    // One that ends for being slow leaves the set that is walked here, which a Set allows.
    for (const stream of to) {
      // A stream whose replay was ahead of the hub must not get again what it has.
      if (stream.skipUpTo >= lowest) this.#pickFor(stream, waiting);
      else this.options.hand(stream, frames, bytes);
    }
  }

  #pickFor(stream: Stream, waiting: readonly Waiting[]): void {
    const position = this.options.position();
    const frames = waiting
      .filter((item) => item.to.has(stream) && item.except !== stream.subscriber.userId)
      // An ephemeral frame's cursor is the hub's position, which must not take a stream that is ahead back.
      .filter(({ pos }) => (pos === null ? position >= stream.skipUpTo : pos > stream.skipUpTo))
      .map((item) => item.frame);
    if (frames.length > 0) this.options.hand(stream, frames, joinBytes(frames));
  }
}
