import { expect, it } from 'vitest';
import type { ChatEvent } from '../../protocol/events.ts';
import { AGENT_ID, newMessageId, newSessionId, type UserId } from '../../protocol/ids.ts';
import { messageOf, doneTurn as turn } from '../../tests/support/messages.ts';
import { followAnswer } from './follow-answer.ts';

const [sessionId, messageId] = [newSessionId(), newMessageId()];
const piece = (offset: number, text: string) =>
  ({ type: 'turn.delta', sessionId, messageId, offset, text }) as const;
const content = 'Take 217 of them';
const completed = { type: 'message.completed', sessionId, seq: 2, messageId, content, turn } as const;
const notCut = () => Promise.reject(new Error('it was told to its end'));

it('tells each part of an answer once, whatever of it comes again (invariant 15)', async () => {
  const heard = [
    piece(0, 'Take '),
    piece(0, 'Take 217'),
    piece(5, '217'),
    piece(3, 'e 217 of'),
    piece(11, ' them'),
    completed,
  ];
  async function* events(): AsyncGenerator<[string, ChatEvent]> {
    for (const event of heard) yield ['', event];
  }
  // Agent Jay's id is that of a user by definition.
  const stored = messageOf({ sessionId, seq: 1, userId: AGENT_ID as UserId, content: '' });
  const pieces: string[] = [];
  // Only its iterator is read.
  const subscription = { [Symbol.asyncIterator]: events } as unknown as Parameters<typeof followAnswer>[0];
  const { signal } = new AbortController();
  for await (const text of followAnswer(subscription, messageId, async () => stored, notCut, signal))
    pieces.push(text);
  expect(pieces.join('')).toBe(content);
});
