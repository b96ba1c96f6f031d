import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';

export type Speaks = 'sse' | 'trpc' | 'ws' | 'socket.io';

const MARK = 0x5e; // "^", once in each event
const DIGITS = 7; // of the index that follows it

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
  #goal = Number.POSITIVE_INFINITY;
  #whenThere: (() => void) | null = null;

  #socket: Socket | null = null;
  /** Said so far of a stream that is opening; null once it stands. */
  #opening: string | null = null;
  #whenOpen: (() => void) | null = null;
  /** An event whose index is cut by the end of a chunk. */
  #tail: Buffer | null = null;
  /** Where the place to resume from stands. */
  #lastBytes: Buffer = Buffer.alloc(0);
  /** Socket.IO's: who we were, and whether this connection has said so. */
  #pid: string | null = null;
  #offset: string | null = null;
  #isJoining = false;

  constructor(
    private readonly speaks: Speaks,
    private readonly path: string,
    private readonly cookie: string | undefined,
    private cursor: string | null,
  ) {}

  /** Resolves once the server has said that the stream stands. */
  open(connect: () => Socket): Promise<void> {
    const socket = connect();
    this.#socket = socket;
    this.#opening = '';
    this.#isJoining = false;
    this.#tail = null;
    socket.on('data', (chunk: Buffer) => this.#take(chunk, socket));
    socket.on('error', () => {});
    socket.write(this.#request());
    return new Promise((resolve, reject) => {
      this.#whenOpen = resolve;
      socket.once('close', () => {
        if (this.#socket === socket && this.#opening !== null)
          reject(new Error(`the stream did not open: ${this.#opening.slice(0, 300)}`));
      });
    });
  }

  /** Cuts the connection, and knows from where the next one goes on. */
  drop(): void {
    const text = this.#lastBytes.toString('latin1');
    if (this.speaks === 'trpc')
      this.cursor = [...text.matchAll(/\nid: (\S+)\n\n/g)].at(-1)?.[1] ?? this.cursor;
    else if (this.speaks === 'socket.io')
      this.#offset = [...text.matchAll(/,"([\w-]+)"\]/g)].at(-1)?.[1] ?? this.#offset;
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
    const lines = ['host: bench'];
    if (this.speaks === 'ws' || this.speaks === 'socket.io') {
      const key = randomBytes(16).toString('base64');
      lines.push(
        'connection: Upgrade',
        'upgrade: websocket',
        'sec-websocket-version: 13',
        `sec-websocket-key: ${key}`,
      );
    } else lines.push('accept: text/event-stream');
    if (this.cookie) lines.push(`cookie: ${this.cookie}`);
    return `GET ${this.#url()} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  }

  #url(): string {
    if (this.speaks === 'socket.io') return '/socket.io/?EIO=4&transport=websocket';
    if (this.speaks !== 'trpc' || this.cursor === null) return this.path;
    return `${this.path}?input=${encodeURIComponent(JSON.stringify({ cursor: this.cursor }))}`;
  }

  #take(chunk: Buffer, socket: Socket): void {
    this.bytes += chunk.length;
    const bytes = this.#tail === null ? chunk : Buffer.concat([this.#tail, chunk]);
    this.#tail = null;
    // A heartbeat says nothing of where we are.
    if (bytes.includes(this.speaks === 'socket.io' ? '"]' : 'id: ')) this.#lastBytes = bytes;
    this.#count(bytes);
    if (this.#opening !== null) this.#listen(this.#opening + chunk.toString('latin1'), socket);
    if (this.events >= this.#goal) {
      this.#goal = Number.POSITIVE_INFINITY;
      this.#whenThere?.();
    }
  }

  #count(bytes: Buffer): void {
    const now = this.recordsArrivals ? Number(process.hrtime.bigint() / 1000n) / 1000 : 0;
    let at = bytes.indexOf(MARK);
    while (at !== -1) {
      if (at + DIGITS >= bytes.length) {
        this.#tail = bytes.subarray(at);
        return;
      }
      const index = indexAt(bytes, at + 1);
      if (index !== null) {
        this.events += 1;
        if (index < this.#expected) this.doubled += 1;
        else {
          this.lost += index - this.#expected;
          this.#expected = index + 1;
        }
        if (this.recordsArrivals) this.arrivals.set(index, now);
      }
      at = bytes.indexOf(MARK, at + 1);
    }
  }

  #listen(said: string, socket: Socket): void {
    this.#opening = said;
    if (this.speaks === 'socket.io') {
      if (said.includes('0{"sid"') && !this.#isJoining) {
        this.#isJoining = true;
        const resume = this.#pid === null ? '' : JSON.stringify({ pid: this.#pid, offset: this.#offset });
        socket.write(maskedText(`40${resume}`));
      }
      const joined = /40\{"sid":"[^"]+"(?:,"pid":"([^"]+)")?\}/.exec(said);
      if (!joined) return;
      this.#pid = joined[1] ?? null;
    } else if (!this.#standing().test(said)) return;
    this.#opening = null;
    this.#whenOpen?.();
  }

  #standing(): RegExp {
    if (this.speaks === 'ws') return /\r\n\r\n/;
    return this.path.includes('events.subscribe') ? /"caught-up"/ : /\r\n\r\n./s;
  }
}

/** @returns null where no index stands, for a length in a frame may look like the mark */
function indexAt(bytes: Buffer, start: number): number | null {
  let index = 0;
  for (let at = start; at < start + DIGITS; at += 1) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) return null;
    index = index * 10 + digit;
  }
  return index;
}

/** A short text frame as clients must mask it. */
function maskedText(text: string): Buffer {
  const body = Buffer.from(text);
  if (body.length > 125) throw new Error('a short frame only');
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
}
