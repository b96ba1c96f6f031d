import { TRPCError } from '@trpc/server';
import { ChatError } from '../../protocol/errors.ts';
import type { UserId } from '../../protocol/ids.ts';

/** How many streams an account may have open or opening, so that no one can take the memory of all. */
export class StreamAllowance {
  #open = new Map<UserId, number>();

  constructor(private readonly atMost: number) {}

  /** Throws RATE_LIMITED. */
  take(userId: UserId): void {
    const open = this.#open.get(userId) ?? 0;
    if (open >= this.atMost) {
      const cause = new ChatError(
        'RATE_LIMITED',
        `You are connected ${open} times already. Close the chat somewhere else, then try again.`,
        { retryAfterMs: 5_000 },
      );
      throw new TRPCError({ code: 'TOO_MANY_REQUESTS', message: cause.message, cause });
    }
    this.#open.set(userId, open + 1);
  }

  giveBack(userId: UserId): void {
    const open = this.#open.get(userId) ?? 0;
    if (open > 1) this.#open.set(userId, open - 1);
    else this.#open.delete(userId);
  }
}
