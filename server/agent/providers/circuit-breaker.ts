/** How many calls in a row fail before a provider is left alone, and for how long at first. */
const FAILURES = 3;
const REST_MS = 30_000;
const REST_AT_MOST_MS = 5 * 60_000;

/**
 * Leaves a provider alone that fails again and again, so that nobody waits for what will not come. After a rest one call
 * tries it: when that fails too, the next rest is twice as long.
 */
export class CircuitBreaker {
  #failures = 0;
  #restMs = REST_MS;
  #closedUntil = 0;
  #isTrying = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether a call may be made now. A call that was let through says how it ended. */
  allows(): boolean {
    if (this.#closedUntil === 0) return true;
    if (this.now() < this.#closedUntil || this.#isTrying) return false;
    this.#isTrying = true;
    return true;
  }

  /** Left alone for now. Asking takes no turn, unlike `allows`. */
  get isResting(): boolean {
    return this.#closedUntil !== 0 && this.now() < this.#closedUntil;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#restMs = REST_MS;
    this.#closedUntil = 0;
    this.#isTrying = false;
  }

  /** @param wishMs how long the provider wants to be left alone */
  failed(wishMs: number | null = null): void {
    this.#failures += 1;
    if (this.#failures < FAILURES && !this.#isTrying) return;
    if (this.#isTrying) this.#restMs = Math.min(this.#restMs * 2, REST_AT_MOST_MS);
    this.#isTrying = false;
    this.#closedUntil = this.now() + Math.min(Math.max(this.#restMs, wishMs ?? 0), REST_AT_MOST_MS);
  }

  /** The call ended for a reason of ours: nothing was learnt. */
  abandoned(): void {
    this.#isTrying = false;
  }
}
