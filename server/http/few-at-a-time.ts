import { ChatError } from '../../protocol/errors.ts';

export interface FewAtATimeLimits {
  atOnce: number;
  /** More are told to come back. */
  waitingAtMost: number;
}

/** Lets so many through at a time; the others wait in the order in which they came, and hold nothing meanwhile. */
export class FewAtATime {
  #running = 0;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly limits: FewAtATimeLimits,
    /** For whoever finds too many waiting. */
    private readonly sentence: string,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    const { atOnce, waitingAtMost } = this.limits;
    if (this.#running < atOnce) this.#running += 1;
    else if (this.#waiting.length >= waitingAtMost)
      throw new ChatError('UNAVAILABLE', this.sentence, { retryAfterMs: 5_000 });
    // Whoever goes hands the place on.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
