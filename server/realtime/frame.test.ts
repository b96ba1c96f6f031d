import { tracked } from '@trpc/server';
import { sseStreamProducer } from '@trpc/server/unstable-core-do-not-import';
import { describe, expect, it } from 'vitest';
import {
  clientOptions,
  connectedBytes,
  createFrame,
  joinBytes,
  pingBytes,
  serializedErrorBytes,
} from './frame.ts';

interface Said {
  data: AsyncIterable<unknown>;
  pingMs?: number;
  error?: unknown;
  until: string;
}

/** What tRPC's own producer writes, but for the third line break after each frame, which says nothing. */
async function stock({ data, pingMs, error, until }: Said): Promise<string> {
  const stream: ReadableStream<Uint8Array> = sseStreamProducer({
    data,
    ping: pingMs === undefined ? { enabled: false } : { enabled: true, intervalMs: pingMs },
    client: clientOptions,
    formatError: () => error,
  });
  const decoder = new TextDecoder();
  let text = '';
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text += decoder.decode(next.value, { stream: true });
    if (text.includes(until) && text.endsWith('\n\n')) break;
  }
  await reader.cancel();
  return text.replace(/\n{3,}/g, '\n\n');
}

async function* saying(...values: unknown[]) {
  yield* values;
}

const events = [
  { type: 'message.created', content: 'two\nlines, Grüße 👋 and \u2028' },
  { type: 'receipt', readSeq: 3 },
];

describe("frames are byte for byte those of tRPC's own producer", () => {
  it('connected, and data with its id, alone or as one block', async () => {
    const theirs = await stock({
      data: saying(tracked('a.1', events[0]), tracked('a.2', events[1])),
      until: 'event: return',
    });
    const frames = events.map((event, i) => createFrame(JSON.stringify(event), `a.${i + 1}`));
    const ours = `${connectedBytes}${joinBytes(frames)}`;
    // We never say `return`, which would end the client's subscription for good: our streams just end.
    expect(`${ours}event: return\ndata: \n\n`).toBe(theirs);
  });

  it('ping', async () => {
    async function* silence() {
      await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      yield 'nothing';
    }
    const theirs = await stock({ data: silence(), pingMs: 1, until: 'event: ping' });
    expect(theirs.startsWith(`${connectedBytes}${pingBytes}`)).toBe(true);
  });

  it('errors', async () => {
    // biome-ignore lint/correctness/useYield: fails before it says anything
    async function* failing() {
      throw new Error('no');
    }
    const error = { message: 'Sign in', code: -32001, data: { reason: 'UNAUTHENTICATED' } };
    const theirs = await stock({ data: failing(), error, until: 'serialized-error' });
    expect(`${connectedBytes}${serializedErrorBytes(error)}`).toBe(theirs);
  });
});
