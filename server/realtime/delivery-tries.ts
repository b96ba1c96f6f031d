import type { UserId } from '../../protocol/ids.ts';

export interface DeliveryTriesOptions {
  count(people: { userId: UserId; goneSince: Date | null }[]): Promise<void>;
  onError(error: unknown): void;
  isConnected(userId: UserId): boolean;
}

/** Streams that open together are counted together; devices confirm later than this. Milliseconds. */
const TOGETHER_MS = 40;
const REMEMBERED = 20_000;

/**
 * Each time a person's stream opens, what has not reached them is sent once more: that is a try, and it is written
 * down with the reason why the one before did not do.
 */
export class DeliveryTries {
  #opened = new Set<UserId>();
  /** Until when somebody's devices were sent what they do not have. */
  #goneSince = new Map<UserId, Date>();
  #timer: NodeJS.Timeout | null = null;
  #counting: Promise<void> = Promise.resolve();

  constructor(private readonly options: DeliveryTriesOptions) {}

  /** Before it is counted as connected itself. */
  streamOpened(userId: UserId): void {
    if (this.options.isConnected(userId) && !this.#opened.has(userId)) this.#lackedUntilNow(userId);
    this.#opened.add(userId);
    this.#timer ??= setTimeout(() => this.#count(), TOGETHER_MS).unref();
  }

  streamClosed(userId: UserId): void {
    if (!this.options.isConnected(userId)) this.#lackedUntilNow(userId);
  }

  /** Resolves once nothing is being written any more. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#counting;
  }

  /** Up to this moment somebody was there, and has not confirmed what they lack. */
  #lackedUntilNow(userId: UserId): void {
    this.#goneSince.delete(userId);
    this.#goneSince.set(userId, new Date());
    const [oldest] = this.#goneSince.keys();
    if (this.#goneSince.size > REMEMBERED && oldest) this.#goneSince.delete(oldest);
  }

  #count(): void {
    this.#timer = null;
    const people = [...this.#opened].map((userId) => ({
      userId,
      goneSince: this.#goneSince.get(userId) ?? null,
    }));
    this.#opened.clear();
    this.#counting = this.#counting.then(() => this.options.count(people)).catch(this.options.onError);
  }
}
