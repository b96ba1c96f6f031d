import { describe, expect, it } from 'vitest';
import { applyEvent } from './apply-event.ts';
import { isEmoji } from './emoji.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type MessageId, newMessageId, newMutationId, newSessionId, newUserId } from './ids.ts';
import { inputs } from './procedures.ts';
import { gatherReactions } from './reactions.ts';
import { ChatMessage, ChatSession } from './shapes.ts';

/** What every object has without anybody having put it there, and what nobody would react with. */
const STORED_ONCE = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'abc', '👍'];

const at = '2026-11-24T09:30:00.000Z';
const sessionId = newSessionId();
const [ada, ben] = [newUserId(), newUserId()];
const session = ChatSession.parse({
  ...{ id: sessionId, title: 'T', sessionType: 'general', isGroupChat: false, maxParticipants: 10 },
  ...{ projectId: null, createdBy: ada, createdAt: at, updatedAt: at, lastActivity: at, isActive: true },
  ...{ lastSeq: 2, totalMessages: 1, aiModelUsed: null, tokensUsed: 0, members: [] },
});
const message = (id: MessageId, reactions: object) =>
  ChatMessage.parse({
    ...{
      id,
      sessionId,
      seq: 2,
      userId: ada,
      role: 'user',
      messageType: 'text',
      content: 'Hello',
      parentId: null,
    },
    ...{
      createdAt: at,
      editedAt: null,
      deletedAt: null,
      reactions,
      feedback: null,
      attachments: [],
      turn: null,
    },
  });

describe('a reaction that was stored under any name', () => {
  it('reads the same from the rows and from the log, and keeps no device from the rest (invariants 10, 11)', () => {
    const id = newMessageId();
    const given = STORED_ONCE.flatMap((emoji) => [ada, ben].map((userId) => ({ emoji, userId })));
    let copy = applyEvent(
      { session, messages: [message(id, {})] },
      { type: 'receipt', sessionId, userId: ada, deliveredSeq: 2, readSeq: 2 },
      ada,
    );
    given.forEach((one, index) => {
      copy = applyEvent(
        copy,
        { type: 'reaction.changed', sessionId, seq: 3 + index, messageId: id, on: true, ...one },
        ada,
      );
    });
    const fromLog = (copy?.messages ?? []).map((one) => ChatMessage.parse(one));
    const fromRows = [message(id, gatherReactions(given))];
    expect(Object.entries(fromLog[0]?.reactions ?? {})).toEqual(Object.entries(fromRows[0]?.reactions ?? {}));
    expect(fingerprintOf(fromLog)).toBe(fingerprintOf(fromRows));
    expect(fromRows[0]?.reactions['👍']).toEqual([ada, ben]);
    expect(Object.getPrototypeOf(fromLog[0]?.reactions)).toBe(Object.prototype);
    given.forEach((one, index) => {
      copy = applyEvent(
        copy,
        { type: 'reaction.changed', sessionId, seq: 90 + index, messageId: id, on: false, ...one },
        ada,
      );
    });
    expect(copy?.messages[0]?.reactions).toEqual({});
  });

  it('is harmless in a row that a device kept', () => {
    const id = newMessageId();
    const kept = structuredClone({
      ...message(id, {}),
      reactions: JSON.parse(`{"__proto__":["${ada}"],"constructor":["${ben}"]}`),
    });
    expect(fingerprintOf([ChatMessage.parse(kept)])).toBe(
      fingerprintOf([message(id, gatherReactions([{ emoji: 'constructor', userId: ben }]))]),
    );
  });
});

describe('a reaction', () => {
  const react = (emoji: string, on: boolean) =>
    inputs['message.react'].safeParse({ mutationId: newMutationId(), messageId: newMessageId(), emoji, on });

  it.each(['👍', '❤️', '❤', '👍🏽', '👩🏽‍🎓', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🇩🇪', '1️⃣', '🏳️‍🌈', '⌨️', '🫩'])(
    'may be %s',
    (emoji) => {
      expect(react(emoji, true).success).toBe(true);
    },
  );

  it.each([
    'abc',
    '<b>',
    ' 👍',
    '👍 ',
    '👍👍',
    '🇩🇪🇫🇷',
    '🇩',
    '1',
    '#',
    '👍\u0301',
    '👍\u200d',
    '\u200d',
    ...STORED_ONCE.slice(0, 5),
  ])('cannot be %j, which is no one emoji, but such a one can be taken back', (emoji) => {
    expect(isEmoji(emoji)).toBe(false);
    expect(react(emoji, true).error?.issues).toMatchObject([
      { path: ['emoji'], message: 'A reaction is one emoji, such as 👍' },
    ]);
    expect(react(emoji, false).success).toBe(true);
  });
});
