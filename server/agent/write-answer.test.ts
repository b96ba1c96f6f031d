import { delay, HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createProvider } from './providers/provider.ts';
import { answerLimits, writeAnswer } from './write-answer.ts';

const baseUrl = 'https://models.internal.example/v1?token=hush';
const endpoint = 'https://models.internal.example/*';
const settings = { apiKey: 'sk-secret', baseUrl, model: 'm' };
/** A service of one's own for each answer: none remembers what befell the last. */
const chainOf = () => createProvider([settings], null).chain;
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const encoder = new TextEncoder();
const line = (data: object) => `data: ${JSON.stringify({ id: 'c', ...data })}\n\n`;
const says = (content: string) => line({ choices: [{ index: 0, delta: { content } }] });
const terminator = line({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const usage = line({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } });
const WHOLE = [says('Ninety'), says('-two.'), terminator, usage, 'data: [DONE]\n\n'];

type Piece = string | Uint8Array;

function stream(pieces: Piece[], ending: 'close' | 'break' | 'stay' = 'close') {
  const left = [...pieces];
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
      else if (ending === 'close') controller.close();
      else if (ending === 'break') {
        await delay(20); // an error overtakes what was not read yet
        controller.error(new TypeError('terminated'));
      } else await new Promise(() => {});
    },
  });
  return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } });
}

const refuse = (status: number, headers: Record<string, string> = {}, message = 'sk-secret is not good') =>
  HttpResponse.json({ error: { message, code: 'x' } }, { status, headers });

/** Lets the model answer with each of these in turn. */
async function ask(
  responses: (() => Response | Promise<Response>)[],
  options: { limits?: Partial<typeof answerLimits>; halt?: AbortSignal } = {},
) {
  let calls = 0;
  server.use(
    http.post(endpoint, () => {
      calls += 1;
      return (responses[calls - 1] ?? responses.at(-1))?.() ?? HttpResponse.error();
    }),
  );
  const told: string[] = [];
  const answer = await writeAnswer(
    chainOf(),
    { system: 'You are Agent Jay', messages: [{ role: 'user', content: 'How many?' }], used: used },
    '',
    options.halt ?? new AbortController().signal,
    { ...answerLimits, retryMs: 1, ...options.limits },
    (piece) => told.push(piece),
  );
  expect(told.join('')).toBe(answer.content);
  expect(JSON.stringify(answer)).not.toMatch(/sk-secret|internal|hush/);
  return { ...answer, calls, told };
}
const used = { messages: 1, tokens: 1 };

describe('an answer of a model over HTTP', () => {
  it('comes piece by piece, with its record', async () => {
    const answer = await ask([() => stream(WHOLE)]);
    expect(answer).toMatchObject({
      status: 'done',
      content: 'Ninety-two.',
      told: ['Ninety', '-two.'],
      model: 'm',
      provider: 'openai-compatible',
      promptTokens: 7,
      completionTokens: 3,
      error: null,
      calls: 1,
    });
    expect(answer.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
  });

  it('is whole when characters are cut in the middle of their bytes', async () => {
    const bytes = encoder.encode([says('Grüße, 世界 😀!'), terminator].join(''));
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await ask([() => stream(single)])).toMatchObject({ status: 'done', content: 'Grüße, 世界 😀!' });
  });

  it('keeps a character whose halves come in two pieces', async () => {
    const halves = ['data: {"choices":[{"delta":{"content":"\\ud83d"}}]}\n\n', says('\ude00'), terminator];
    expect(await ask([() => stream(halves)])).toMatchObject({ status: 'done', content: '😀' });
  });

  it.each([
    [401, /refused our key/],
    [403, /refused our key/],
    [404, /does not know the model/],
    [402, /used up/],
    [400, /did not accept this question/],
  ])('fails at once with a sentence when the service says %d', async (status, sentence) => {
    const answer = await ask([() => refuse(status)]);
    expect(answer).toMatchObject({ status: 'failed', content: '', calls: 1 });
    expect(answer.error).toMatch(sentence);
  });

  it('is asked for again after a 429, as late as the service wishes', async () => {
    const started = performance.now();
    const answer = await ask([() => refuse(429, { 'retry-after': '1' }), () => stream(WHOLE)]);
    expect(answer).toMatchObject({ status: 'done', content: 'Ninety-two.', calls: 2 });
    // Not a measure of speed: the service's own wish, less the clock's grain.
    expect(performance.now() - started).toBeGreaterThanOrEqual(990);
  });

  it('is not waited for when the service wishes for too long, and the person is told how long', async () => {
    const answer = await ask([() => refuse(429, { 'retry-after': '120' })]);
    expect(answer).toMatchObject({ status: 'failed', calls: 1 });
    expect(answer.error).toMatch(/too many people right now\. Try again in 2 minutes\./);
  });

  it('is not asked for again when the account is used up', async () => {
    const answer = await ask([() => refuse(429, {}, 'insufficient_quota')]);
    expect(answer).toMatchObject({ status: 'failed', calls: 1 });
    expect(answer.error).toMatch(/used up/);
  });

  it('is asked for three times at most when the service has a problem', async () => {
    const answer = await ask([() => refuse(500)]);
    expect(answer).toMatchObject({ status: 'failed', calls: 3 });
    expect(answer.error).toMatch(/problem of its own/);
    expect(answer.facts).toEqual({ name: 'AI_APICallError', statusCode: 500 });
  });

  it('says so when the service cannot be reached', async () => {
    const answer = await ask([() => HttpResponse.error()]);
    expect(answer).toMatchObject({ status: 'failed', calls: 3 });
    expect(answer.error).toMatch(/could not be reached/);
  });

  it.each([
    ['before any text', []],
    ['in the middle', [says('Ninety')]],
  ])('ends as failed when the service falls silent %s, and keeps the text', async (_when, pieces) => {
    const answer = await ask([() => stream(pieces, 'stay')], { limits: { idleMs: 60 } });
    expect(answer).toMatchObject({ status: 'failed', content: pieces.length ? 'Ninety' : '', calls: 1 });
    expect(answer.error).toMatch(/fell silent/);
  });

  it('ends as failed when it takes too long, however busy the service is', async () => {
    const endless = () =>
      new HttpResponse(
        new ReadableStream({
          async pull(controller) {
            await delay(5);
            controller.enqueue(encoder.encode(says('.')));
          },
        }),
        { headers: { 'content-type': 'text/event-stream' } },
      );
    const answer = await ask([endless], { limits: { totalMs: 120, idleMs: 5_000 } });
    expect(answer).toMatchObject({ status: 'failed', calls: 1 });
    expect(answer.error).toMatch(/took too long/);
  });

  it('ends as failed when it grows without end', async () => {
    const answer = await ask([() => stream([says('x'.repeat(60)), says('y'.repeat(60)), ...WHOLE])], {
      limits: { lengthAtMost: 100 },
    });
    expect(answer).toMatchObject({ status: 'failed', content: 'x'.repeat(60) + 'y'.repeat(60) });
    expect(answer.error).toMatch(/grew too long/);
  });

  it.each([
    [
      'a malformed piece',
      [says('Ninety'), 'data: {"choices": [{"del\n\n', says('-two'), terminator],
      'close',
    ],
    [
      'a piece of another shape',
      [says('Ninety'), 'data: {"choices": 3}\n\n', says('-two'), terminator],
      'close',
    ],
    ['an error after the 200', [says('Ninety'), line({ error: { message: 'sk-secret' } })], 'close'],
    ['an end without a terminator', [says('Ninety')], 'close'],
    ['a broken connection', [says('Ninety')], 'break'],
  ] as const)(
    'ends as failed at %s, keeps the text before it and is not begun anew',
    async (_what, pieces, ending) => {
      const answer = await ask([() => stream([...pieces], ending)]);
      expect(answer).toMatchObject({ status: 'failed', content: 'Ninety', calls: 1 });
      expect(answer.error).toMatch(/broke off|cannot read/);
    },
  );

  it('does not stand when the service says nothing at all', async () => {
    const answer = await ask([() => stream([terminator])]);
    expect(answer).toMatchObject({ status: 'failed', content: '', calls: 1 });
    expect(answer.error).toMatch(/nothing to say/);
  });

  it('is cut off where the service’s content rules say so', async () => {
    const filtered = line({ choices: [{ index: 0, delta: {}, finish_reason: 'content_filter' }] });
    const answer = await ask([() => stream([says('Ninety'), filtered])]);
    expect(answer).toMatchObject({ status: 'failed', content: 'Ninety' });
    expect(answer.error).toMatch(/content rules/);
  });

  it('stops at once, also while it waits for the next attempt, and asks nothing more', async () => {
    const halt = new AbortController();
    const waits = () => {
      setTimeout(() => halt.abort(), 20);
      return refuse(429, { 'retry-after': '15' });
    };
    expect(await ask([waits], { halt: halt.signal })).toMatchObject({
      status: 'stopped',
      content: '',
      calls: 1,
    });
    const stopped = await ask([() => stream(WHOLE)], { halt: halt.signal });
    expect(stopped).toMatchObject({ status: 'stopped', content: '', calls: 0, error: null });
  });
});
