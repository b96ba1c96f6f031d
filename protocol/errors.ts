import { z } from 'zod';

/**
 * Every expected failure has one of these reasons. `http` is the status on the wire; `retryable` tells an outbox
 * whether the same request may succeed later without anyone changing it.
 */
export const reasons = {
  UNAUTHENTICATED: { http: 401, retryable: false, trpc: 'UNAUTHORIZED' },
  FORBIDDEN: { http: 403, retryable: false, trpc: 'FORBIDDEN' },
  NOT_FOUND: { http: 404, retryable: false, trpc: 'NOT_FOUND' },
  INVALID_INPUT: { http: 400, retryable: false, trpc: 'BAD_REQUEST' },
  TOO_LARGE: { http: 413, retryable: false, trpc: 'PAYLOAD_TOO_LARGE' },
  ID_REUSED: { http: 409, retryable: false, trpc: 'CONFLICT' },
  CONFLICT: { http: 409, retryable: false, trpc: 'CONFLICT' },
  RATE_LIMITED: { http: 429, retryable: true, trpc: 'TOO_MANY_REQUESTS' },
  UNAVAILABLE: { http: 503, retryable: true, trpc: 'SERVICE_UNAVAILABLE' },
} as const;

export type Reason = keyof typeof reasons;

export const Reason = z.enum(Object.keys(reasons) as [Reason, ...Reason[]]);

export const InputIssue = z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() });
export type InputIssue = z.infer<typeof InputIssue>;

/** What a failed mutation looks like inside `outbox.push` and, as `data`, in tRPC's error shape. */
export const Failure = z.object({
  reason: Reason,
  message: z.string(),
  retryable: z.boolean(),
  retryAfterMs: z.number().optional(),
  issues: z.array(InputIssue).optional(),
});
export type Failure = z.infer<typeof Failure>;

/** An expected failure. `message` is a sentence that the person who meets it can act on. */
export class ChatError extends Error {
  override readonly name = 'ChatError';

  constructor(
    readonly reason: Reason,
    message: string,
    readonly details: { retryAfterMs?: number; issues?: InputIssue[] } = {},
  ) {
    super(message);
  }

  toFailure(): Failure {
    const { retryable } = reasons[this.reason];
    return { reason: this.reason, message: this.message, retryable, ...this.details };
  }
}
