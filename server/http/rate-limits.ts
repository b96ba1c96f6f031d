import { setTimeout as pause } from 'node:timers/promises';
import {
  BurstyRateLimiter,
  type IRateLimiterOptions,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { ChatError } from '../../protocol/errors.ts';

type Share = Required<Pick<IRateLimiterOptions, 'points' | 'duration'>>;

/**
 * What is counted, per account unless said otherwise. Generous to people, and to an outbox that comes home after a day
 * offline; tight where each try costs a password hash or makes a row for ever. A whole campus may share one address.
 */
const kinds = {
  /** Messages, edits, reactions …: 20 a second, and 1,000 a minute beyond that. */
  write: { points: 20, duration: 1, burst: { points: 1_000, duration: 60 } },
  typing: { points: 300, duration: 10 },
  read: { points: 600, duration: 10 },
  /** Reads everything that somebody ever wrote. */
  export: { points: 5, duration: 10 * 60 },
  /** Per address and e-mail: what guessing one person's password takes. */
  signIn: { points: 10, duration: 5 * 60 },
  /** Per address, whoever is meant. */
  signInFromAddress: { points: 150, duration: 5 * 60 },
  /** Per address. */
  signUp: { points: 60, duration: 10 * 60 },
  /** Per address. */
  guest: { points: 200, duration: 10 * 60 },
} satisfies Record<string, Share & { burst?: Share }>;

export type LimitKind = keyof typeof kinds;
/** One share, and no second one for bursts. */
type SteadyKind = Exclude<LimitKind, 'write'>;

export interface Limits {
  /** Counts one; throws RATE_LIMITED with `retryAfterMs` once `key` has had its share of `kind`. */
  consume(kind: LimitKind, key: string): Promise<void>;
  /** Uncounts one. */
  giveBack(kind: SteadyKind, key: string): Promise<void>;
}

export interface LimitsOptions {
  enabled: boolean;
  /** A client of `redis`: nodes share their counts. null: this process counts alone. */
  redis?: object | null;
}

/** What stands still answers nothing for seconds before it counts as away; nobody waits for a count that long. */
const COUNTED_WITHIN_MS = 1_000;

/** While Redis is away, or stands still, each node counts by itself, and so grants a share of its own. */
export function createLimits({ enabled, redis = null }: LimitsOptions): Limits {
  if (!enabled) return { consume: async () => {}, giveBack: async () => {} };
  const make = (counter: (name: string, share: Share) => RateLimiterMemory | RateLimiterRedis) =>
    new Map(
      Object.entries(kinds).map(([kind, share]: [string, Share & { burst?: Share }]) => {
        const steady = counter(kind, share);
        const limiter = share.burst
          ? new BurstyRateLimiter(steady, counter(`${kind}-burst`, share.burst))
          : steady;
        return [kind, limiter] as const;
      }),
    );
  const memory = new Map<string, RateLimiterMemory>();
  const alone = make((name, { points, duration }) => {
    const limiter = new RateLimiterMemory({ keyPrefix: `jstar:${name}`, points, duration });
    memory.set(name, limiter);
    return limiter;
  });
  const limiters =
    redis === null
      ? alone
      : make(
          (name, { points, duration }) =>
            new RateLimiterRedis({
              keyPrefix: `jstar:${name}`,
              points,
              duration,
              storeClient: redis,
              useRedisPackage: true,
              rejectIfRedisNotReady: true,
              ...(memory.has(name) ? { insuranceLimiter: memory.get(name) } : {}),
            }),
        );
  const count = async (kind: LimitKind, key: string) => {
    const counted = limiters.get(kind)?.consume(key);
    if (limiters === alone) return counted;
    const late = new AbortController();
    const isLate = pause(COUNTED_WITHIN_MS, true, { signal: late.signal, ref: false }).catch(() => false);
    try {
      if (await Promise.race([counted?.then(() => false), isLate])) {
        counted?.catch(() => {});
        await alone.get(kind)?.consume(key);
      }
    } finally {
      late.abort();
    }
  };
  return {
    async consume(kind, key) {
      try {
        await count(kind, key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw tooMany(Math.max(1, refusal.msBeforeNext));
      }
    },
    async giveBack(kind, key) {
      const limiter = limiters.get(kind);
      if (limiter && 'reward' in limiter) await limiter.reward(key);
    },
  };
}

function tooMany(retryAfterMs: number): ChatError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const wait =
    seconds < 90
      ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
      : `${Math.ceil(seconds / 60)} minutes`;
  return new ChatError('RATE_LIMITED', `That was a lot at once. Try again in ${wait}.`, { retryAfterMs });
}
