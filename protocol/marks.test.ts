import { describe, expect, it } from 'vitest';
import { applyEvent, type SessionEvent } from './apply-event.ts';
import { newSessionId, newUserId } from './ids.ts';
import { ChatSession } from './shapes.ts';

const at = '2026-11-24T09:30:00.000Z';
const sessionId = newSessionId();
const [ada, ben] = [newUserId(), newUserId()];
const member = (readSeq: number, deliveredSeq: number, role = 'member') => ({
  ...{ userId: ben, name: 'Ben', role, joinedAt: at, readSeq, deliveredSeq },
});
const session = (lastSeq: number, ben: object) =>
  ChatSession.parse({
    ...{ id: sessionId, title: 'T', sessionType: 'general', isGroupChat: false, maxParticipants: 10 },
    ...{ projectId: null, createdBy: ada, createdAt: at, updatedAt: at, lastActivity: at, isActive: true },
    ...{ lastSeq, totalMessages: 0, aiModelUsed: null, tokensUsed: 0, members: [ben] },
  });
const receipt = (readSeq: number, deliveredSeq: number) =>
  ({ type: 'receipt', sessionId, userId: ben, readSeq, deliveredSeq }) as const;

/** Ben's marks in Ada's copy, [read, delivered], after these events upon marks of 5 and 7. */
function marksAfter(...events: SessionEvent[]) {
  let copy: ReturnType<typeof applyEvent> = { session: session(20, member(5, 7)), messages: [] };
  for (const event of events) copy = applyEvent(copy, event, ada);
  const [{ readSeq, deliveredSeq } = { readSeq: -1, deliveredSeq: -1 }] = copy?.session.members ?? [];
  return [readSeq, deliveredSeq];
}

describe('a mark in a copy is the furthest that was ever told (invariant 13)', () => {
  it('in whatever order the receipts come', () => {
    expect(marksAfter(receipt(9, 9), receipt(6, 8))).toEqual([9, 9]);
    expect(marksAfter(receipt(6, 8), receipt(9, 9))).toEqual([9, 9]);
    expect(marksAfter(receipt(0, 12))).toEqual([5, 12]);
    expect(marksAfter(receipt(8, 0))).toEqual([8, 8]);
  });

  it('also where an event lists the members with marks that are older', () => {
    const changes = { members: session(21, member(2, 3, 'owner')).members };
    expect(marksAfter({ type: 'session.updated', sessionId, seq: 21, changes, at })).toEqual([5, 7]);
    const further = { members: session(21, member(8, 9, 'owner')).members };
    expect(marksAfter({ type: 'session.updated', sessionId, seq: 21, changes: further, at })).toEqual([8, 9]);
  });
});
