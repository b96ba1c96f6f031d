import { expect, it } from 'vitest';
import { loggableError } from './loggable-error.ts';

const words = 'My supervisor has not answered me for three weeks and I am worried';

it('keeps kind, place and names, and loses what people wrote', () => {
  const error = Object.assign(new Error(`invalid input syntax for type json: "${words}"`), { code: '22P02' });
  const logged = loggableError(new Error('Appending to "ChatEvent" failed', { cause: error }));
  expect(logged.message).toBe('Appending to "ChatEvent" failed');
  expect(logged.cause).toMatchObject({ code: '22P02', message: 'invalid input syntax for type json: "…"' });
  expect(logged.stack).toContain('loggable-error.test.ts');
  expect(JSON.stringify(logged)).not.toContain('supervisor');
});

it('keeps the first and the last line of what prints a whole call', () => {
  const error = new Error(
    `\nInvalid \`prisma.chatMessage.create()\` invocation:\n\n{ data: { content: "${words}" } }\n\nArgument \`id\` is missing.`,
  );
  const { message } = loggableError(error);
  expect(message).toBe('Invalid `prisma.chatMessage.create()` invocation: … Argument `id` is missing.');
});

it('says little of what is no error', () => {
  expect(JSON.stringify(loggableError(words))).not.toContain('supervisor');
});
