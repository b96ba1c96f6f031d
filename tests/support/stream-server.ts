import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import express from 'express';
import type { Account } from '../../server/domain/account.ts';
import { createSseMount } from '../../server/realtime/sse-mount.ts';
import type { World } from './world.ts';

/** The product's event stream over real sockets, for readers that no HTTP client would be. */
export interface StreamServer {
  /** Sends the request for a stream and nothing more. */
  ask(who: Account, cursor?: string): Socket;
  /** A reader as it should be: resolves with the stream's text once it holds this. */
  read(socket: Socket, enough: string): Promise<string>;
  /** Sockets that are open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export async function serveStreams(world: World): Promise<StreamServer> {
  const accounts = new Map<string, Account>();
  const app = express();
  app.get(
    '/trpc/events.subscribe',
    createSseMount({
      router: world.router,
      async createContext(request) {
        const account = accounts.get(String(request.headers['x-test-account'])) ?? null;
        const expiresAt = new Date(Date.now() + 3_600_000);
        return { account: account && { ...account, expiresAt }, requestId: 'test', ip: '127.0.0.1' };
      },
      onError: (error) => world.errors.push(error),
    }),
  );
  const server: Server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // TCP, so no string
  return {
    ask(who, cursor) {
      accounts.set(who.userId, who);
      const input = encodeURIComponent(JSON.stringify(cursor === undefined ? {} : { cursor }));
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        `GET /trpc/events.subscribe?input=${input} HTTP/1.1\r\nhost: test\r\naccept: text/event-stream\r\nx-test-account: ${who.userId}\r\n\r\n`,
      );
      return socket;
    },
    read: (socket, enough) =>
      new Promise((resolve, reject) => {
        let text = '';
        socket.setEncoding('utf8').on('data', (piece) => {
          text += piece;
          if (text.includes(enough)) resolve(text);
        });
        socket.once('close', () => reject(new Error(`closed after: ${text.slice(-300)}`)));
      }),
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
