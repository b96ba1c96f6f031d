import { expect, it } from 'vitest';
import { newMessageId, newMutationId, newSessionId } from './ids.ts';
import { inputs } from './procedures.ts';

const accepts = (content: string) =>
  inputs['message.send'].safeParse({ id: newMessageId(), sessionId: newSessionId(), content }).success &&
  inputs['message.edit'].safeParse({ mutationId: newMutationId(), messageId: newMessageId(), content })
    .success;

it.each(['', ' \n\t', '\u200b', '\u2060\u200d', '\ufe0f', '\u3164', '\u2800 \u2800', '\u202e\u202c'])(
  'takes no message of which nothing is to be seen: %j',
  (content) => expect(accepts(content)).toBe(false),
);

it.each(['.', '👩🏽‍🎓', '❤️', '\u0301', 'می‌خواهم', '\u200bx'])('takes what shows something: %j', (content) =>
  expect(accepts(content)).toBe(true),
);
