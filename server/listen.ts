import { once } from 'node:events';
import type { Server } from 'node:http';
import { StartError } from './start-error.ts';

/** Listens, or throws a StartError that says what to set otherwise. */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  server.keepAliveTimeout = 65_000;
  // A crowd that reconnects at once must not be turned away before it is heard.
  server.listen({ port, host, backlog: 4096 });
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE') {
      throw new StartError(`PORT holds "${port}", which another program listens on: it takes a free port.`);
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(
        `HOST holds "${host}", which is no address of this machine: it takes one, such as 127.0.0.1.`,
      );
    }
    if (code === 'EACCES') {
      throw new StartError(
        `PORT holds "${port}", which this user may not listen on: it takes a port above 1023.`,
      );
    }
    throw error;
  }
}
