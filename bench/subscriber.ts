import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';

export type Speaks = 'sse' | 'trpc' | 'ws' | 'socket.io';

const MARK = 0x5e; // "^", once in each event
const MARKED = 8; // with the seven digits of the index

/** One subscriber: a socket, and how many events came over it, in which order. */
export class Subscriber {
  bytes = 0;
  events = 0;
  lost = 0;
  doubled = 0;
  recordsArrivals = false;
  /** Milliseconds of the monotonic clock at which the event with an index came. */
  readonly arrivals = new Map<number, number>();
  #expected = 0;
  #socket: Socket | null = null;
  #tail: Buffer | null = null;
  #isOpen = false;
  #whenOpen: (() => void) | null = null;
  #goal = Number.POSITIVE_INFINITY;
  #whenThere: (() => void) | null = null;
  /** Where to go on from: the last frame's id, or Socket.IO's session and offset. */
  #cursor: string | null = null;
  #recovery: string | null = null;
  #opening = '';

  constructor(
    private readonly speaks: Speaks,
    private readonly path: string,
    private readonly cookie: string | undefined,
  ) {}

  /** Resolves once the server has said that the stream stands. */
  open(connect: () => Socket): Promise<void> {
    this.#isOpen = false;
    this.#tail = null;
    this.#opening = '';
    const socket = connect();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk, socket));
    socket.on('error', () => {});
    socket.write(this.#request());
    return new Promise((resolve, reject) => {
      this.#whenOpen = resolve;
      socket.once('close', () => {
        if (!this.#isOpen && this.#socket === socket)
          reject(new Error(`refused: ${this.#opening.slice(0, 300)}`));
      });
    });
  }

  drop(): void {
    this.#socket?.resetAndDestroy();
  }

  begin(first: number): void {
    this.#expected = first;
    this.events = 0;
    this.bytes = 0;
    this.lost = 0;
    this.doubled = 0;
    this.arrivals.clear();
  }

  until(events: number): Promise<void> {
    if (this.events >= events) return Promise.resolve();
    this.#goal = events;
    return new Promise((resolve) => {
      this.#whenThere = resolve;
    });
  }

  #request(): string {
    const cookie = this.cookie ? `cookie: ${this.cookie}\r\n` : '';
    if (this.speaks === 'ws' || this.speaks === 'socket.io') {
      const path = this.speaks === 'ws' ? '/' : '/socket.io/?EIO=4&transport=websocket';
      const key = randomBytes(16).toString('base64');
      return `GET ${path} HTTP/1.1\r\nhost: bench\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`;
    }
    const path =
      this.speaks === 'trpc'
        ? `${this.path}?input=${encodeURIComponent(JSON.stringify(this.#cursor === null ? {} : { cursor: this.#cursor }))}`
        : this.path;
    return `GET ${path} HTTP/1.1\r\nhost: bench\r\naccept: text/event-stream\r\n${cookie}\r\n`;
  }

  #take(chunk: Buffer, socket: Socket): void {
    this.bytes += chunk.length;
    if (!this.#isOpen) this.#handshake(chunk, socket);
    const bytes = this.#tail === null ? chunk : Buffer.concat([this.#tail, chunk]);
    this.#tail = null;
    let at = bytes.indexOf(MARK);
    const now = this.recordsArrivals ? Number(process.hrtime.bigint() / 1000n) / 1000 : 0;
    while (at !== -1) {
      if (at + MARKED > bytes.length) {
        this.#tail = bytes.subarray(at);
        break;
      }
      this.#count(indexAt(bytes, at + 1), now);
      at = bytes.indexOf(MARK, at + MARKED);
    }
    this.#rememberCursor(bytes);
    if (this.events >= this.#goal) {
      this.#goal = Number.POSITIVE_INFINITY;
      this.#whenThere?.();
    }
  }

  #count(index: number, now: number): void {
    this.events += 1;
    if (index > this.#expected) this.lost += index - this.#expected;
    if (index < this.#expected) this.doubled += 1;
    else this.#expected = index + 1;
    if (this.recordsArrivals) this.arrivals.set(index, now);
  }

  /** Keeps the last bytes that may hold the place to resume from; looked at only when it is needed. */
  #rememberCursor(bytes: Buffer): void {
    this.#lastBytes = bytes;
  }
  #lastBytes: Buffer = Buffer.alloc(0);

  /** Before the connection is dropped: from where the next one goes on. */
  keepPlace(): void {
    const text = this.#lastBytes.toString('latin1');
    if (this.speaks === 'trpc')
      this.#cursor = /\nid: (\S+)\n\n(?:event: ping\ndata: \n\n)*$/.exec(text)?.[1] ?? this.#cursor;
    if (this.speaks === 'socket.io') this.#offset = /,"([\w-]+)"\]$/.exec(text)?.[1] ?? this.#offset;
  }
  #offset: string | null = null;

  #handshake(chunk: Buffer, socket: Socket): void {
    this.#opening += chunk.toString('latin1');
    const said = this.#opening;
    if (this.speaks === 'socket.io') {
      if (said.includes('0{"sid"') && this.#recovery !== 'asked') {
        const resume = this.#pid === null ? '' : JSON.stringify({ pid: this.#pid, offset: this.#offset });
        this.#recovery = 'asked';
        socket.write(maskedText(`40${resume}`));
      }
      const joined = /40\{"sid":"[^"]+"(?:,"pid":"([^"]+)")?\}/.exec(said);
      if (joined) {
        this.#pid = joined[1] ?? null;
        this.#recovery = null;
        this.#open();
      }
    } else if (this.speaks === 'ws' ? said.includes('\r\n\r\n') : this.#hasBegun(said)) this.#open();
  }
  #pid: string | null = null;

  #hasBegun(said: string): boolean {
    return this.path.includes('events.subscribe') ? said.includes('"caught-up"') : /\r\n\r\n./s.test(said);
  }

  #open(): void {
    this.#isOpen = true;
    this.#opening = '';
    this.#whenOpen?.();
  }
}

function indexAt(bytes: Buffer, start: number): number {
  let index = 0;
  for (let at = start; at < start + MARKED - 1; at += 1) index = index * 10 + ((bytes[at] ?? 48) - 48);
  return index;
}

/** A short text frame as clients must mask it. */
function maskedText(text: string): Buffer {
  const body = Buffer.from(text);
  if (body.length > 125) throw new Error('a short frame only');
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
}
