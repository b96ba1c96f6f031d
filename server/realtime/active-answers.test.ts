import { expect, it } from 'vitest';
import { newMessageId, newSessionId } from '../../protocol/ids.ts';
import { ActiveAnswers } from './active-answers.ts';

it('gives up the answers that have not grown for longest where there are too many, and no others', () => {
  const answers = new ActiveAnswers(5_000);
  const [erased, growing, next] = Array.from({ length: 3 }, () => ({
    sessionId: newSessionId(),
    messageId: newMessageId(),
  }));
  if (!erased || !growing || !next) throw new Error('made above');
  const extend = ({ sessionId, messageId }: typeof erased, text: string) =>
    answers.extend(sessionId, messageId, text);
  const textOf = ({ sessionId, messageId }: typeof erased) => answers.in(sessionId).get(messageId);
  extend(growing, 'a'.repeat(1_000));
  extend(erased, 'b'.repeat(1_000));
  // Its conversation is gone: nothing more is said of it, not even that it has ended.
  expect(extend(growing, 'a'.repeat(1_000))).toBe(1_000);
  expect(textOf(erased)).toHaveLength(1_000);
  expect(extend(next, 'c'.repeat(1_000))).toBe(0);
  expect([textOf(erased), textOf(growing)?.length, textOf(next)?.length]).toEqual([undefined, 2_000, 1_000]);
  // What comes late of it begins in its middle, and is shown to nobody.
  expect(extend(erased, 'b')).toBeNull();
  answers.begin(erased.sessionId, erased.messageId);
  expect(extend(erased, 'b')).toBe(0);
});

it('has room again for what has ended, however many have', () => {
  const answers = new ActiveAnswers(5_000);
  const lasting = { sessionId: newSessionId(), messageId: newMessageId() };
  answers.extend(lasting.sessionId, lasting.messageId, 'still');
  for (let i = 0; i < 100; i += 1) {
    const [sessionId, messageId] = [newSessionId(), newMessageId()];
    answers.extend(sessionId, messageId, 'x'.repeat(3_000));
    answers.end(sessionId, messageId);
    expect(answers.in(sessionId).size).toBe(0);
  }
  expect(answers.in(lasting.sessionId).get(lasting.messageId)).toBe('still');
});

it('keeps an answer that is larger than all are to be', () => {
  const answers = new ActiveAnswers(5_000);
  const [sessionId, messageId] = [newSessionId(), newMessageId()];
  for (let i = 0; i < 3; i += 1)
    expect(answers.extend(sessionId, messageId, 'x'.repeat(4_000))).toBe(i * 4_000);
});
