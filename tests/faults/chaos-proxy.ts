import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from './random.ts';

/** What a network may do to a request. Probabilities are per request, in [0, 1]. */
export interface Weather {
  /** The connection is reset before the server hears of the request. */
  dropRequest: number;
  /** The server does as asked; the answer is lost. */
  dropResponse: number;
  /** The answer stops in its middle. */
  truncate: number;
  /** The server hears the same POST twice. */
  duplicate: number;
  /** A POST waits until another one has overtaken it, or for a while. */
  overtake: number;
  /** A stream is cut after some of its bytes. */
  cutStream: number;
  /** A stream stops without a word: nothing arrives, nothing closes. */
  stallStream: number;
  /** Somebody else answers instead of the server. */
  impostor: number;
  /** Milliseconds added to each request, at most. */
  latencyMs: number;
  /** Milliseconds added to each call, exactly: half of them on the way there, half on the way back. */
  roundTripMs: number;
  /** A stream's bytes arrive one by one. */
  dribble: number;
  /** Half-open: the server does as asked, no answer ever comes, and nothing closes. */
  hang: number;
  /** Half-open the other way: the server never hears of it, and nothing closes. */
  swallow: number;
  /** A stream's bytes are kept until the server closes it, as some proxies of offices do. */
  hoard: number;
  /** 0: as fast as it goes. Of answers and streams; 6250 is 50 kbit/s. */
  bytesPerSecond: number;
}

export const calm: Weather = {
  dropRequest: 0,
  dropResponse: 0,
  truncate: 0,
  duplicate: 0,
  overtake: 0,
  cutStream: 0,
  stallStream: 0,
  impostor: 0,
  latencyMs: 0,
  roundTripMs: 0,
  dribble: 0,
  hang: 0,
  swallow: 0,
  hoard: 0,
  bytesPerSecond: 0,
};

/** Longer answers come in one piece: each byte costs a write. */
const DRIBBLED_AT_MOST = 20_000;

/** Captive portals and tired gateways, as they are met on campus networks. */
const impostors = [
  {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html><body>Welcome to Campus WiFi. Sign in.</body></html>',
  },
  {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"result":{"data":{"results":[]}}}',
  },
  { status: 302, headers: { location: 'http://portal.invalid/login' }, body: '' },
  { status: 511, headers: { 'content-type': 'text/html' }, body: 'Network authentication required' },
  { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' },
  { status: 503, headers: { 'retry-after': '1' }, body: 'busy' },
  { status: 429, headers: { 'retry-after': '1' }, body: 'slow down' },
] as const;

/** An HTTP proxy between a device and the server that loses, repeats, reorders, cuts, stalls and lies. */
export class ChaosProxy {
  weather: Weather = calm;
  /** Changes what the server answers at a path, such as to a new release of a file. */
  edit: ((path: string, answer: string) => string) | null = null;
  /** What a captive portal says with status 200 at a path, of which the server never hears; null lets it pass. */
  portal: ((path: string) => string | null) | null = null;
  /** Whether a request gets lost on its way, beside what the weather loses. */
  loses: ((method: string, path: string) => boolean) | null = null;
  /** What it did, for the report of a failed schedule. */
  readonly deeds = new Map<string, number>();
  #server: Server;
  #sockets = new Set<Socket>();
  #target: string;
  #overtakers: (() => void)[] = [];

  private constructor(
    target: string,
    private readonly random: Random,
  ) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => incoming.socket.destroy());
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
  }

  static async start(target: string, random: Random): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(target, random);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    // A TCP server that listens has a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The server moved, for instance after a crash. */
  retarget(target: string): void {
    this.#target = target;
  }

  /** Resets every open connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { weather, random } = this;
    const isStream = incoming.url?.includes('events.subscribe') ?? false;
    const isWrite = incoming.method === 'POST';
    const body = await readAll(incoming);
    if (weather.latencyMs > 0) await delay(random.between(0, weather.latencyMs));
    if (weather.roundTripMs > 0) await delay(weather.roundTripMs / 2);
    const lie = this.portal?.(incoming.url ?? '/') ?? null;
    if (lie !== null) return void outgoing.end(lie);
    if (random.chance(weather.impostor)) return this.#impostor(outgoing);
    if (random.chance(weather.swallow)) return this.#note('request swallowed');
    if (weather.bytesPerSecond > 0) await delay((body.length / weather.bytesPerSecond) * 1000);
    if (random.chance(weather.dropRequest) || this.loses?.(incoming.method ?? 'GET', incoming.url ?? '/'))
      return this.#reset(incoming, 'request dropped');
    if (isWrite && random.chance(weather.overtake)) await this.#letPass();
    if (isWrite && random.chance(weather.duplicate)) {
      this.#note('request duplicated');
      await this.#forward(incoming, body).then(readAll, () => {});
    }
    const response = await this.#forward(incoming, body);
    if (isWrite) this.#overtakers.shift()?.();
    if (weather.roundTripMs > 0) await delay(weather.roundTripMs / 2);
    if (isStream) return this.#stream(incoming, response, outgoing);
    let answer = await readAll(response);
    if (this.edit) answer = Buffer.from(this.edit(incoming.url ?? '/', answer.toString()));
    if (random.chance(weather.hang)) return this.#note('left hanging');
    if (random.chance(weather.dropResponse)) return this.#reset(incoming, 'response dropped');
    const { 'transfer-encoding': _chunked, ...headers } = response.headers;
    outgoing.writeHead(
      response.statusCode ?? 502,
      this.edit ? { ...headers, 'content-length': answer.length } : response.headers,
    );
    if (answer.length > 1 && random.chance(weather.truncate)) {
      outgoing.write(answer.subarray(0, random.between(1, answer.length - 1)));
      return this.#reset(incoming, 'response truncated');
    }
    const { bytesPerSecond } = weather;
    if (bytesPerSecond > 0) await delay((answer.length / bytesPerSecond) * 1000);
    if (answer.length < DRIBBLED_AT_MOST && random.chance(weather.dribble))
      for (const byte of answer) outgoing.write(Buffer.of(byte));
    else outgoing.write(answer);
    outgoing.end();
  }

  #stream(incoming: IncomingMessage, response: IncomingMessage, outgoing: ServerResponse): void {
    const { weather, random } = this;
    const cutAfter = random.chance(weather.cutStream) ? random.between(0, 4000) : Number.POSITIVE_INFINITY;
    const stallAfter = random.chance(weather.stallStream)
      ? random.between(0, 4000)
      : Number.POSITIVE_INFINITY;
    const dribble = random.chance(weather.dribble);
    const hoarded: Buffer[] | null = random.chance(weather.hoard) ? [] : null;
    const { bytesPerSecond } = weather;
    let passed = 0;
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    outgoing.flushHeaders();
    incoming.socket.on('close', () => response.destroy());
    response.on('error', () => incoming.socket.destroy());
    response.on('close', () => {
      if (hoarded) outgoing.end(Buffer.concat(hoarded));
      else incoming.socket.destroy();
    });
    if (hoarded) this.#note('stream hoarded');
    response.on('data', (chunk: Buffer) => {
      if (hoarded) {
        hoarded.push(chunk);
        return;
      }
      const room = Math.min(cutAfter, stallAfter) - passed;
      const part = chunk.subarray(0, Math.max(0, room));
      passed += chunk.length;
      if (dribble) for (const byte of part) outgoing.write(Buffer.of(byte));
      else if (part.length > 0) outgoing.write(part);
      if (bytesPerSecond > 0) {
        response.pause();
        setTimeout(() => response.resume(), (part.length / bytesPerSecond) * 1000);
      }
      if (passed >= cutAfter) this.#reset(incoming, 'stream cut');
      else if (passed >= stallAfter && passed - chunk.length < stallAfter) this.#note('stream stalled');
    });
  }

  #forward(incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const url = new URL(incoming.url ?? '/', this.#target);
      const headers = { ...incoming.headers, host: url.host, connection: 'close' };
      // What is edited must be readable, and there.
      if (this.edit) {
        delete headers['accept-encoding'];
        delete headers['if-none-match'];
        delete headers['if-modified-since'];
      }
      const outgoing: ClientRequest = request(url, { method: incoming.method, headers }, resolve);
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  async #letPass(): Promise<void> {
    this.#note('request overtaken');
    let wake = () => {};
    const overtaken = new Promise<void>((resolve) => {
      wake = resolve;
      this.#overtakers.push(resolve);
    });
    // Nobody may come: then it goes on by itself.
    await Promise.race([overtaken, delay(50)]);
    this.#overtakers = this.#overtakers.filter((waiting) => waiting !== wake);
  }

  #impostor(outgoing: ServerResponse): void {
    const { status, headers, body } = this.random.pick(
      impostors as unknown as [(typeof impostors)[0], ...(typeof impostors)[number][]],
    );
    this.#note(`impostor ${status}`);
    outgoing.writeHead(status, headers);
    outgoing.end(body);
  }

  #reset(incoming: IncomingMessage, deed: string): void {
    this.#note(deed);
    incoming.socket.resetAndDestroy();
  }

  #note(deed: string): void {
    this.deeds.set(deed, (this.deeds.get(deed) ?? 0) + 1);
  }
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
