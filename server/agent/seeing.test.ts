import { describe, expect, it } from 'vitest';
import { startScriptedModel } from '../../tests/support/scripted-model.ts';
import { createProvider } from './providers/provider.ts';
import { answerLimits, writeAnswer } from './write-answer.ts';

const bytes = new Uint8Array([1, 2, 3]);

async function asked(name: string, pictures: { mimeType: string; bytes: Uint8Array }[]) {
  const model = await startScriptedModel({ onAnswer: (call) => call.say('Seen.').finish() });
  const { chain } = createProvider([{ ...model.settings, model: name }], null);
  const context = {
    system: 'You are Agent Jay',
    messages: [{ role: 'user' as const, content: 'What is this?' }],
    used: { messages: 1, tokens: 1 },
  };
  const halt = new AbortController().signal;
  await writeAnswer(chain, { ...context, pictures } as never, '', halt, answerLimits, () => {}); // other fields are not read
  await model.close();
  return model.answers[0]?.body.messages.at(-1)?.content as unknown;
}

describe('a picture in a question', () => {
  it('reaches a model that sees as data, never as an address', async () => {
    const content = await asked('gpt-4o-mini', [{ mimeType: 'image/png', bytes }]);
    expect(content).toEqual([
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
    ]);
  });

  it.each([
    ['is named to a model that does not see', 'scripted', [{ mimeType: 'image/png', bytes }]],
    ['is only named when no service takes its kind', 'gpt-4o', [{ mimeType: 'image/svg+xml', bytes }]],
    [
      'is only named when it is too large',
      'gpt-4o',
      [{ mimeType: 'image/png', bytes: new Uint8Array(8_000_001) }],
    ],
  ])('%s', async (_what, name, pictures) => {
    expect(await asked(name, pictures)).toBe('What is this?\n\n[A picture that you cannot see]');
  });
});
