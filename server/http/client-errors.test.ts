import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerClientErrors, HEADER_BYTES } from './client-errors.ts';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer({ maxHeaderSize: HEADER_BYTES }, (_request, response) => response.end('{}'));
  answerClientErrors(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo); // TCP, so no string
});
afterAll(() => server.close());

/** Whatever is answered to these bytes, until the other side hangs up. */
async function answerTo(
  bytes: string,
): Promise<{ status: number; error: { message: string; data: object } }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk;
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), ...JSON.parse(body) };
}

it('asks for a thousand people in one address, and gets through to where that is judged', async () => {
  const input = encodeURIComponent(
    JSON.stringify({ userIds: Array(1000).fill('019ab000-0000-7000-8000-000000000000') }),
  );
  const response = await fetch(`http://127.0.0.1:${port}/trpc/presence.get?input=${input}`);
  expect(response.status).toBe(200);
});

it('is told in the shape of every other refusal that an address is too large, or that this is no HTTP', async () => {
  const long = await answerTo(
    `GET /trpc/presence.get?input=${'x'.repeat(HEADER_BYTES + 1)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  );
  expect(long).toMatchObject({
    status: 413,
    error: {
      message: expect.stringMatching(/too large/),
      data: { reason: 'TOO_LARGE', retryable: false, httpStatus: 413 },
    },
  });
  expect(await answerTo('what is this\r\n\r\n')).toMatchObject({
    status: 400,
    error: { data: { reason: 'INVALID_INPUT', retryable: false, httpStatus: 400 } },
  });
});
