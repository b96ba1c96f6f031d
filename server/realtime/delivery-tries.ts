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
  #goneSince = new Map<UserId, Date>();
  #timer: NodeJS.Timeout | null = null;
  #counting: Promise<void> = Promise.resolve();

  constructor(private readonly options: DeliveryTriesOptions) {}

  streamOpened(userId: UserId): void {
    this.#opened.add(userId);
    this.#timer ??= setTimeout(() => this.#count(), TOGETHER_MS).unref();
  }

  streamClosed(userId: UserId): void {
    if (this.options.isConnected(userId)) return;
    this.#goneSince.delete(userId);
    this.#goneSince.set(userId, new Date());
    const [oldest] = this.#goneSince.keys();
    if (this.#goneSince.size > REMEMBERED && oldest) this.#goneSince.delete(oldest);
  }

  /** Resolves once nothing is being written any more. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#counting;
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
