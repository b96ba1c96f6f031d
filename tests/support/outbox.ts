import type { LocalDb } from '../../app/local-db/local-db.ts';
import { createExclusive, PUSH_FROZEN_MS } from '../../app/outbox/exclusive.ts';
import { Outbox, type OutboxOptions } from '../../app/outbox/outbox.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import { Me, Settings } from '../../protocol/shapes.ts';

/** Ada, who tries the product as a guest. */
export function guestOf(id: UserId): Me {
  const settings = Settings.parse({});
  return Me.parse({ id, name: 'Ada', email: null, isGuest: true, role: 'student', settings });
}

const offline = () => Promise.reject(new Error('There is no network.'));

/** An outbox of that guest on this copy: what a test says nothing of is as without a network. */
export function outboxOn(db: LocalDb, given: Partial<OutboxOptions> = {}): Outbox {
  const me = guestOf(db.userId);
  return new Outbox({
    db,
    me: () => me,
    push: offline,
    failureOf: () => null,
    exclusive: createExclusive(PUSH_FROZEN_MS),
    onSignedOut: () => {},
    onOwed: () => {},
    storedMessage: offline,
    ...given,
  });
}

/** What a server answers that stores each of these messages as the fifth of its conversation. */
export const acknowledgeSends = (mutations: readonly OutboxMutation[]) => ({
  results: mutations.map(({ mutationId, input }) => {
    const { id, sessionId } = input as { id: string; sessionId: string }; // only sends are pushed so
    const result = { id, sessionId, seq: 5, createdAt: '2026-11-24T09:30:00.000Z', duplicate: false };
    return { mutationId, ok: true, result };
  }),
});

/** What a server answers that lets none of these happen. */
export const refuseAll = (mutations: readonly OutboxMutation[]) => ({
  results: mutations.map(({ mutationId }) => ({
    mutationId,
    ok: false,
    error: { reason: 'FORBIDDEN', message: 'You are no longer in this conversation.', retryable: false },
  })),
});
