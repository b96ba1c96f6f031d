import { generateText, type ModelMessage, Output, streamText } from 'ai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readHandbook } from './handbook.ts';
import { handbookDir } from './handbook-dir.ts';
import { createGuideModel } from './model.ts';

const model = createGuideModel({ handbookDir, pace: 0 });
const user = (content: string): ModelMessage => ({ role: 'user', content });
const assistant = (content: string): ModelMessage => ({ role: 'assistant', content });

describe('the guide as a model of the AI SDK', () => {
  test('says what it is', () => {
    expect(model).toMatchObject({
      provider: 'built-in-guide',
      modelId: 'handbook',
      specificationVersion: 'v3',
    });
  });

  test('streams an answer word by word, with its tokens at the end', async () => {
    const result = streamText({
      model,
      system: 'You are Agent Jay.',
      messages: [user('What is stratified sampling?')],
    });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(50);
    expect(pieces.join('')).toContain('Sources: Handbook 21, Stratified sampling');
    expect(await result.finishReason).toBe('stop');
    const usage = await result.usage;
    expect(usage.inputTokens).toBeGreaterThan(5);
    expect(usage.outputTokens).toBe(Math.ceil(pieces.join('').length / 4));
  });

  test('gives the same text without streaming', async () => {
    const messages = [user('What is stratified sampling?')];
    const { text } = await generateText({ model, messages });
    expect(text).toBe(await streamText({ model, messages }).text);
  });

  test('answers the last question, in the light of the one before', async () => {
    const { text } = await generateText({
      model,
      messages: [
        user('What is stratified sampling?'),
        assistant('It divides …'),
        user('how many would I need then?'),
      ],
    });
    expect(text).toContain('Sources: Handbook 23, Sample size');
  });

  test('hears the question in the message of a group', async () => {
    const { text } = await generateText({
      model,
      messages: [user('From "Ada Obi":\n@jay how do I write an abstract?')],
    });
    expect(text).toContain('Sources: Handbook 50, Writing the abstract');
  });

  test('goes by the length that the system message wishes', async () => {
    const messages = [user('How do I write the literature review?')];
    const { text: short } = await generateText({
      model,
      system: 'Keep answers to a few sentences.',
      messages,
    });
    const { text: long } = await generateText({
      model,
      system: 'Answer in detail, with examples.',
      messages,
    });
    expect(short.length * 2).toBeLessThan(long.length);
  });
});

describe('a stop', () => {
  test('is heeded within one piece, though the next one was long in coming', async () => {
    const stop = new AbortController();
    const slow = createGuideModel({ handbookDir, pace: 60_000 });
    const { stream } = await slow.doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'How do I choose a topic?' }] }],
      abortSignal: stop.signal,
    });
    const reader = stream.getReader();
    const seen: string[] = [];
    const reading = (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        seen.push(value.type);
        if (value.type === 'text-delta') stop.abort(new Error('stopped by hand'));
      }
    })();
    await expect(reading).rejects.toThrow('stopped by hand');
    expect(seen).toEqual(['stream-start', 'text-start', 'text-delta']);
  });

  test('ends streamText, which keeps what was written', async () => {
    const stop = new AbortController();
    const { fullStream } = streamText({
      model,
      messages: [user('How do I choose a topic?')],
      abortSignal: stop.signal,
    });
    const types: string[] = [];
    for await (const part of fullStream) {
      types.push(part.type);
      if (types.filter((type) => type === 'text-delta').length === 5) stop.abort();
    }
    expect(types.filter((type) => type === 'text-delta').length).toBeLessThanOrEqual(6);
    expect(types.at(-1)).toBe('abort');
  });

  test('before the beginning lets nothing begin', async () => {
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];
    const abortSignal = AbortSignal.abort(new Error('too late'));
    await expect(model.doStream({ prompt, abortSignal })).rejects.toThrow('too late');
    await expect(model.doGenerate({ prompt, abortSignal })).rejects.toThrow('too late');
  });

  test('by walking away ends the stream too', async () => {
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];
    const { stream } = await createGuideModel({ handbookDir, pace: 60_000 }).doStream({ prompt });
    const reader = stream.getReader();
    await reader.read();
    await expect(reader.cancel()).resolves.toBeUndefined();
  });
});

describe('asked for JSON', () => {
  const Suggestions = z.object({ suggestions: z.array(z.string()) });
  const Title = z.object({ title: z.string() });
  const wish = user(
    'Suggest 3 to 5 short questions that I might ask you next. Reply only with JSON: {"suggestions": ["…"]}',
  );
  const titleWish = user(
    'Give this conversation a title of three to six words. Reply only with JSON: {"title": "…"}',
  );

  test('it suggests three to five questions of the entry it answered from, none asked already', async () => {
    const entry = readHandbook(handbookDir).find(({ number }) => number === 21);
    const first = entry?.questions[0] ?? '';
    const { text } = await generateText({ model, messages: [user('What is stratified sampling?')] });
    const { output } = await generateText({
      model,
      output: Output.object({ schema: Suggestions }),
      messages: [user('What is stratified sampling?'), assistant(text), user(first), assistant(text), wish],
    });
    expect(output.suggestions.length).toBeGreaterThanOrEqual(3);
    expect(output.suggestions.length).toBeLessThanOrEqual(5);
    expect(output.suggestions).not.toContain(first);
    expect(output.suggestions[0]).toBe(entry?.questions[1]);
  });

  test.each([
    'Hello',
    'What is the capital of France?',
    'Make me a plan for 8 weeks',
    'how many would I need then?',
  ])('it has suggestions after "%s" too', async (said) => {
    const messages = [user(said), assistant('…'), wish];
    const { output } = await generateText({
      model,
      output: Output.object({ schema: Suggestions }),
      messages,
    });
    expect(new Set(output.suggestions).size).toBeGreaterThanOrEqual(3);
  });

  test.each([
    ['How do I choose a sample size for 1,200 students?', 'Choose sample size for 1,200 students'],
    ['How large should my sample be for 300 students?', 'How large should my sample be'],
    ['My supervisor does not answer', 'Supervisor does not answer'],
    ['sampling?', 'Help with Sampling methods'],
    ['hi', 'Getting started with Agent Jay'],
    [
      'From "Ada":\n@jay please help us write the abstract for our group project',
      'Write abstract for group project',
    ],
  ])('it entitles "%s"', async (said, title) => {
    const messages = [user(said), assistant('…'), titleWish];
    const { output } = await generateText({ model, output: Output.object({ schema: Title }), messages });
    expect(output.title).toBe(title);
    const words = output.title.split(' ').length;
    expect(words).toBeGreaterThanOrEqual(3);
    expect(words).toBeLessThanOrEqual(6);
  });

  test('in a shape it has nothing for, it gives what is empty but fits', async () => {
    const schema = z.object({
      facts: z.array(z.string()),
      summary: z.string(),
      mood: z.enum(['good', 'bad']),
      age: z.number().nullable(),
    });
    const { output } = await generateText({
      model,
      output: Output.object({ schema }),
      messages: [user('Hello')],
    });
    expect(output).toEqual({ facts: [], summary: '', mood: 'good', age: null });
  });
});
