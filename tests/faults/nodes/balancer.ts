import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * A small reverse proxy: each request goes to the next node, with no memory of who asked (no stickiness). A node that
 * refuses the connection is passed over; one that does not answer /readyz in time is left out until it does.
 */
export class Balancer {
  #server: Server;
  #turn = 0;
  #isUp: boolean[];
  #sockets = new Set<Socket>();
  #checks: NodeJS.Timeout;

  private constructor(private readonly targets: readonly string[]) {
    this.#isUp = targets.map(() => true);
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
    this.#checks = setInterval(() => this.#check(), 500);
  }

  static async start(targets: readonly string[], port: number): Promise<Balancer> {
    const balancer = new Balancer(targets);
    balancer.#server.listen(port, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get url(): string {
    // A TCP server that listens has a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    clearInterval(this.#checks);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #check(): void {
    for (const [i, target] of this.targets.entries())
      fetch(`${target}/readyz?bus=optional`, { signal: AbortSignal.timeout(1_000) }).then(
        (response) => {
          this.#isUp[i] = response.ok;
        },
        () => {
          this.#isUp[i] = false;
        },
      );
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    this.#turn += 1;
    const order = this.targets.map((_, i) => (this.#turn + i) % this.targets.length);
    const [up, down] = [order.filter((i) => this.#isUp[i]), order.filter((i) => !this.#isUp[i])];
    for (const i of [...up, ...down]) {
      const response = await forward(incoming, body, this.targets[i] ?? '').catch(
        (error: NodeJS.ErrnoException) => {
          // Only a refused connection says for certain that nothing was done.
          if (error.code === 'ECONNREFUSED') return null;
          throw error;
        },
      );
      if (!response) continue;
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      outgoing.flushHeaders();
      incoming.socket.once('close', () => response.destroy());
      response.once('close', () => {
        if (!response.complete || !outgoing.writableEnded) incoming.socket.destroy();
      });
      response.on('error', () => incoming.socket.destroy());
      response.pipe(outgoing);
      return;
    }
    outgoing.writeHead(502).end('No node answers.');
  }
}

function forward(incoming: IncomingMessage, body: Buffer, target: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = new URL(incoming.url ?? '/', target);
    const headers = { ...incoming.headers, connection: 'close' };
    const outgoing = request(url, { method: incoming.method, headers }, resolve);
    outgoing.on('error', reject);
    incoming.socket.once('close', () => outgoing.destroy());
    outgoing.end(body);
  });
}
