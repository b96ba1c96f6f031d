import { expect, it } from 'vitest';
import { newMemoryId, newMessageId, newMutationId, newProjectId, newSessionId } from './ids.ts';
import { inputs } from './procedures.ts';

const mutationId = newMutationId();
const takesAsMessage = (content: string) =>
  inputs['message.send'].safeParse({ id: newMessageId(), sessionId: newSessionId(), content }).success &&
  inputs['message.edit'].safeParse({ mutationId: newMutationId(), messageId: newMessageId(), content })
    .success;

/** By every name, title or note that may not be empty. */
const takers = (text: string) =>
  [
    inputs['session.create'].safeParse({ id: newSessionId(), title: text }),
    inputs['session.update'].safeParse({ mutationId, sessionId: newSessionId(), title: text }),
    inputs['project.create'].safeParse({ id: newProjectId(), title: text }),
    inputs['me.update'].safeParse({ name: text }),
    inputs['memory.add'].safeParse({ id: newMemoryId(), content: text }),
    inputs['people.report'].safeParse({ mutationId, reason: text }),
  ].filter(({ success }) => success).length;

const blanks = ['', ' \n\t', '\u200b', '\u2060\u200d', '\ufe0f', '\u3164', '\u2800 \u2800', '\u202e\u202c'];

it.each(blanks)('takes no message of which nothing is to be seen: %j', (content) =>
  expect(takesAsMessage(content)).toBe(false),
);

it.each(blanks)('takes no name, title or note of which nothing is to be seen: %j', (text) =>
  expect(takers(text)).toBe(0),
);

it.each(['.', '👩🏽‍🎓', '❤️', '\u0301', 'می‌خواهم', '\u200bx'])('takes what shows something: %j', (content) =>
  expect([takesAsMessage(content), takers(content)]).toEqual([true, 6]),
);
