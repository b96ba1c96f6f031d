import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createModerator } from './moderation.ts';

let close: (() => void) | null = null;
afterEach(() => {
  close?.();
  close = null;
});

interface Asked {
  path: string | undefined;
  key: string | undefined;
  body: { model: string; input: string };
}

/** The moderation of a service, with the answer given, and what it was asked. */
async function service(status: number, answer: unknown) {
  const asked: Asked[] = [];
  const errors: unknown[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer); // a request's parts are buffers
    const body = JSON.parse(Buffer.concat(parts).toString()) as Asked['body']; // the SDK's own JSON
    asked.push({ path: request.url, key: request.headers.authorization, body });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const { port } = server.address() as AddressInfo; // listens on a port
  const moderator = createModerator({ apiKey: 'key', baseUrl: `http://127.0.0.1:${port}/v1` }, (error) =>
    errors.push(error),
  );
  const refuses = (content: string, signal = new AbortController().signal) =>
    moderator.refuses({ role: 'user', content }, signal);
  return { asked, errors, moderator, refuses };
}

const found = (...categories: string[]) => ({
  id: 'm',
  model: 'omni-moderation-latest',
  results: [{ flagged: true, categories: Object.fromEntries(categories.map((name) => [name, true])) }],
});

describe('moderation', () => {
  it.each(['sexual/minors', 'illicit/violent', 'hate/threatening', 'harassment/threatening'])(
    'refuses a question that the service finds to be %s',
    async (category) => {
      const { refuses, asked, errors } = await service(200, found(category));
      expect(await refuses('How do I …')).toBe(true);
      expect(asked).toEqual([
        {
          path: '/v1/moderations',
          key: 'Bearer key',
          body: { model: 'omni-moderation-latest', input: 'How do I …' },
        },
      ]);
      expect(errors).toEqual([]);
    },
  );

  it('leaves what hurts its writer, or is rough, to the model', async () => {
    const { refuses } = await service(200, found('self-harm', 'self-harm/intent', 'harassment', 'violence'));
    expect(await refuses('I do not want to live any more')).toBe(false);
  });

  it('refuses nobody while it is away, and says so once in the log', async () => {
    const { refuses, errors } = await service(500, { error: { message: 'busy' } });
    expect(await refuses('How many people do I ask?')).toBe(false);
    expect(errors).toHaveLength(1);
  });

  it('reads the text of a question with pictures, at most 16,000 characters of it, and asks nothing about none', async () => {
    const { moderator, refuses, asked } = await service(200, found());
    const { signal } = new AbortController();
    const picture = { type: 'image' as const, image: 'data:image/png;base64,AAAA' };
    const text = { type: 'text' as const, text: 'x'.repeat(20_000) };
    expect(await moderator.refuses({ role: 'user', content: [picture, text] }, signal)).toBe(false);
    expect(asked.map(({ body }) => body.input.length)).toEqual([16_000]);
    expect(await refuses('  ')).toBe(false);
    expect(await refuses('Stopped already', AbortSignal.abort())).toBe(false);
    expect(asked).toHaveLength(1);
  });
});
