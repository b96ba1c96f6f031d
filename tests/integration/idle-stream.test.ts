import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventSource } from 'eventsource';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EventStream } from '../../app/sync/event-stream.ts';
import { createTrpc } from '../../app/trpc/client.ts';
import { connectedBytes, pingBytes } from '../../server/realtime/frame.ts';

let server: Server;
let connections: ServerResponse[];
let stream: EventStream | null;

beforeEach(async () => {
  connections = [];
  stream = null;
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    connections.push(response);
    server.emit('stream');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  vi.useRealTimers();
  stream?.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Tells when a ping is behind it: tRPC listens too, and is done with it one turn later. */
class Pinged extends EventSource {
  constructor(...given: ConstructorParameters<typeof EventSource>) {
    super(...given);
    this.addEventListener('ping', () => setImmediate(() => server.emit('pinged')));
  }
}

/** Notes what becomes of a stream that the server answers as the test says. */
function open(): string[] {
  const { port } = server.address() as AddressInfo; // TCP, so no string
  const trpc = createTrpc({ serverUrl: `http://127.0.0.1:${port}`, EventSource: Pinged as never });
  const told: string[] = [];
  stream = new EventStream(
    trpc,
    { cursor: null, answers: [] },
    {
      onOpen() {
        told.push('open');
        server.emit('opened');
      },
      onEvent: () => told.push('event'),
      onMalformed: () => told.push('malformed'),
      onEnd: (reason) => told.push(reason),
    },
  );
  return told;
}

it('holds a stream on which nothing is said for as long as it is pinged, and gives it up once it is not (invariant 11)', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const told = open();
  await once(server, 'stream');
  const [connection] = connections;
  const opened = once(server, 'opened');
  connection?.write(connectedBytes);
  await opened;
  for (let n = 0; n < 10; n += 1) {
    const pinged = once(server, 'pinged');
    connection?.write(pingBytes);
    await pinged;
    vi.advanceTimersByTime(15_000);
  }
  expect(told).toEqual(['open']);
  vi.advanceTimersByTime(45_000);
  vi.useRealTimers();
  await expect.poll(() => told).toEqual(['open', 'lost']);
});

it('gives up a stream that does not begin (invariant 11)', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const told = open();
  await once(server, 'stream');
  expect(told).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual(['lost']);
});
