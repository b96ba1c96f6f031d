import { rmSync } from 'node:fs';
import { createTrpc } from '../../app/trpc/client.ts';
import { ChatEvent } from '../../protocol/events.ts';
import { newMessageId, newSessionId } from '../../protocol/ids.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import { callsOf, newPerson } from '../faults/person.ts';
import { startProduct } from '../support/product.ts';
import { startScriptedModel } from '../support/scripted-model.ts';
import { expect, test } from '../support/story.ts';

const WORDS = 'One two three four five six seven eight nine ten. ';

/**
 * One kill of the server, with a conversation at each stage of a turn. What was written down stays and is not paid for
 * again; what was not begun is begun anew; each answer ends once.
 */
test('the server is killed at every stage of a turn (invariants 15, 16, 18; M5)', async () => {
  test.setTimeout(120_000);
  let isKilled = false;
  const model = await startScriptedModel({
    onAnswer(call) {
      if (isKilled) call.say('Begun anew.').finish();
      else if (call.lastWords !== 'claimed') call.begin();
    },
  });
  const { apiKey, baseUrl, model: name } = model.settings;
  const env = { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: name };
  let product = await startProduct({ env });
  try {
    const { cookie } = await newPerson(product.url);
    const trpc = createTrpc(callsOf(product.url, () => cookie));
    const told = new Map<string, string>();
    const subscription = trpc.events.subscribe.subscribe(
      {},
      {
        onData: ({ data }) => {
          const event = ChatEvent.parse(data);
          if (event.type === 'turn.delta')
            told.set(event.sessionId, (told.get(event.sessionId) ?? '') + event.text);
        },
      },
    );
    const stages = ['claimed', 'first token', 'middle', 'before the end is stored'] as const;
    const sessions = new Map<string, ReturnType<typeof newSessionId>>();
    for (const stage of stages) {
      const id = newSessionId();
      sessions.set(stage, id);
      await trpc.session.create.mutate({ id });
      await trpc.message.send.mutate({ id: newMessageId(), sessionId: id, content: stage });
    }
    const inMiddle = sessions.get('middle') ?? newSessionId();
    await trpc.message.send.mutate({ id: newMessageId(), sessionId: inMiddle, content: 'queued' });

    const callOf = async (stage: string) => {
      await expect.poll(() => model.answers.some((call) => call.lastWords === stage)).toBe(true);
      const call = model.answers.find(({ lastWords }) => lastWords === stage);
      if (!call) throw new Error(`nobody asked ${stage}`);
      return call;
    };
    await callOf('claimed');
    const middle = await callOf('middle');
    // Long enough for text to be written down while more of it comes.
    for (let n = 0; n < 30; n += 1) {
      middle.say(WORDS);
      await expect
        .poll(() => told.get(inMiddle)?.length ?? 0, { intervals: [60] })
        .toBe(WORDS.length * (n + 1));
    }
    const first = await callOf('first token');
    first.say('First');
    const last = await callOf('before the end is stored');
    last.say(WORDS);
    await expect.poll(() => told.get(sessions.get('first token') ?? '')).toBe('First');
    await expect.poll(() => told.get(sessions.get('before the end is stored') ?? '')).toBe(WORDS);
    last.finish();
    await product.kill();
    isKilled = true;
    subscription.unsubscribe();

    const { dataDir } = product;
    const port = Number(new URL(product.url).port);
    product = await startProduct({ env, dataDir, port });
    const answersIn = async (stage: string): Promise<ChatMessage[]> => {
      const { messages } = await trpc.message.list.query({
        sessionId: sessions.get(stage) ?? newSessionId(),
      });
      return messages.filter(({ turn }) => turn !== null);
    };
    const calls = (stage: string) => model.answers.filter(({ lastWords }) => lastWords === stage).length;
    for (const stage of stages)
      await expect
        .poll(async () => (await answersIn(stage)).every(({ turn }) => turn?.status !== 'streaming'), {
          timeout: 40_000,
        })
        .toBe(true);

    const [claimed] = await answersIn('claimed');
    expect(claimed).toMatchObject({ content: 'Begun anew.', turn: { status: 'done' } });
    expect(calls('claimed')).toBe(2);
    const [interrupted, queued] = await answersIn('middle');
    expect(interrupted?.turn?.status).toBe('interrupted');
    expect(interrupted?.content).not.toBe('');
    expect(WORDS.repeat(30).startsWith(interrupted?.content ?? '?')).toBe(true);
    expect(calls('middle')).toBe(1);
    expect(queued).toMatchObject({ content: 'Begun anew.', turn: { status: 'done' } });
    expect(calls('queued')).toBe(1);
    for (const [stage, whole] of [
      ['first token', 'First'],
      ['before the end is stored', WORDS],
    ] as const) {
      const [answer] = await answersIn(stage);
      // Whether the kill or the first note came first is the machine's affair; each has one right ending.
      if (answer?.content === 'Begun anew.') expect(calls(stage)).toBe(2);
      else {
        expect(['interrupted', 'done']).toContain(answer?.turn?.status);
        expect(whole.startsWith(answer?.content ?? '?')).toBe(true);
        expect(calls(stage)).toBe(1);
      }
    }
    console.log(
      `model calls by stage: ${[...stages, 'queued'].map((stage) => `${stage} ${calls(stage)}`).join(', ')}`,
    );
  } finally {
    await product.stop();
    rmSync(product.dataDir, { recursive: true, force: true });
    await model.close();
  }
});
