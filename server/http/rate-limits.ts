import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ChatError } from '../../protocol/errors.ts';

/**
 * What is counted, per account unless said otherwise. Generous to people, and to an outbox that comes home after a day
 * offline; tight where each try costs a password hash or makes a row for ever. A whole campus may share one address.
 */
const kinds = {
  /** Messages, edits, reactions …: 20 a second, and 1,000 a minute beyond that. */
  write: () =>
    new BurstyRateLimiter(
      new RateLimiterMemory({ points: 20, duration: 1 }),
      new RateLimiterMemory({ points: 1_000, duration: 60 }),
    ),
  typing: () => new RateLimiterMemory({ points: 300, duration: 10 }),
  read: () => new RateLimiterMemory({ points: 600, duration: 10 }),
  /** Per address and e-mail: what guessing one person's password takes. */
  signIn: () => new RateLimiterMemory({ points: 10, duration: 5 * 60 }),
  /** Per address, whoever is meant. */
  signInFromAddress: () => new RateLimiterMemory({ points: 150, duration: 5 * 60 }),
  /** Per address. */
  signUp: () => new RateLimiterMemory({ points: 60, duration: 10 * 60 }),
  /** Per address. */
  guest: () => new RateLimiterMemory({ points: 200, duration: 10 * 60 }),
};

export type LimitKind = keyof typeof kinds;

export interface Limits {
  /** Counts one; throws RATE_LIMITED with `retryAfterMs` once `key` has had its share of `kind`. */
  consume(kind: LimitKind, key: string): Promise<void>;
}

/** Counts in this process's memory: with several nodes, each grants its own share. */
export function createLimits({ enabled }: { enabled: boolean }): Limits {
  if (!enabled) return { consume: async () => {} };
  const limiters = new Map(
    Object.entries(kinds).map(([kind, create]): [string, RateLimiterMemory | BurstyRateLimiter] => [
      kind,
      create(),
    ]),
  );
  return {
    async consume(kind, key) {
      try {
        await limiters.get(kind)?.consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw tooMany(Math.max(1, refusal.msBeforeNext));
      }
    },
  };
}

function tooMany(retryAfterMs: number): ChatError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const pause =
    seconds < 90
      ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
      : `${Math.ceil(seconds / 60)} minutes`;
  return new ChatError('RATE_LIMITED', `That was a lot at once. Try again in ${pause}.`, { retryAfterMs });
}
