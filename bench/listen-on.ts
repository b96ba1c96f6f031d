import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens on a free port of this machine. @returns the port */
export async function listenOn(server: Server): Promise<number> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('a TCP server has an address with a port');
  return address.port;
}
