import type { Stream } from './stream.ts';

/** One timer for all streams: each beats once a round, in the second that it was given, so that they spread. */
export class HeartbeatWheel {
  readonly #seconds: Set<Stream>[];
  #now = 0;
  #next = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(
    roundSeconds: number,
    private readonly beat: (stream: Stream) => void,
  ) {
    this.#seconds = Array.from({ length: roundSeconds }, () => new Set());
    this.#timer = setInterval(() => this.turn(), 1000).unref();
  }

  add(stream: Stream): void {
    stream.slot = this.#next;
    this.#next = (this.#next + 1) % this.#seconds.length;
    this.#seconds[stream.slot]?.add(stream);
  }

  remove(stream: Stream): void {
    this.#seconds[stream.slot]?.delete(stream);
  }

  /** One second passed. */
  turn(): void {
    this.#now = (this.#now + 1) % this.#seconds.length;
    // A beat may end its stream, which leaves the set that is walked here: a Set allows that.
    for (const stream of this.#seconds[this.#now] ?? []) this.beat(stream);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
