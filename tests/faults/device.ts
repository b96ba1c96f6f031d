import 'fake-indexeddb/auto';
import { EventSource } from 'eventsource';
import { ChatClient } from '../../app/sync/chat-client.ts';
import { createTrpc, type TrpcOptions } from '../../app/trpc/client.ts';
import { newMessageId, type SessionId } from '../../protocol/ids.ts';
import { isCounted } from '../../protocol/outbox.ts';
import { Me } from '../../protocol/shapes.ts';
import { ChaosProxy } from './chaos-proxy.ts';
import type { Random } from './random.ts';

/** Somebody with a cookie of their own, known to the server. */
export interface Person {
  me: Me;
  cookie: string;
}

export async function newPerson(serverUrl: string): Promise<Person> {
  const response = await fetch(`${serverUrl}/api/auth/sign-in/anonymous`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (!response.ok) throw new Error(`No guest: ${response.status} ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const me = Me.parse(await createTrpc(callsOf(serverUrl, cookie)).me.get.query());
  return { me, cookie };
}

/** What the client code needs outside of a browser: an address, and a fetch that brings the cookie. */
export function callsOf(serverUrl: string, cookie: string): TrpcOptions {
  const withCookie: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', cookie);
    return fetch(input, { ...init, headers });
  };
  class CookieEventSource extends EventSource {
    constructor(url: string | URL) {
      super(url, { fetch: withCookie as never }); // the package types a fetch of its own
    }
  }
  // The package's class is the browser's, but for the type of its events.
  return {
    serverUrl,
    // Nobody wants to sit through half a minute for each call that is left hanging.
    patienceMs: 1_500,
    fetch: withCookie,
    EventSource: CookieEventSource as unknown as typeof globalThis.EventSource,
  };
}

let count = 0;

/** A simulated device: the app's own client code on a database of its own, behind a network of its own. */
export class Device {
  #client: ChatClient | null = null;

  private constructor(
    readonly name: string,
    readonly person: Person,
    readonly proxy: ChaosProxy,
    private readonly storage: string,
  ) {}

  static async start(name: string, person: Person, serverUrl: string, random: Random): Promise<Device> {
    count += 1;
    const proxy = await ChaosProxy.start(serverUrl, random);
    const device = new Device(name, person, proxy, `device ${count} ${name}`);
    await device.open();
    return device;
  }

  get isClosed(): boolean {
    return this.#client === null;
  }

  get client(): ChatClient {
    if (!this.#client) throw new Error(`${this.name} is not open`);
    return this.#client;
  }

  async open(): Promise<void> {
    this.#client = await ChatClient.open(
      this.person.me,
      callsOf(this.proxy.url, this.person.cookie),
      this.storage,
    );
    this.#client.start();
  }

  /** The tab is gone, in the middle of whatever it did. What IndexedDB committed stays. */
  async kill(): Promise<void> {
    this.proxy.cut();
    await this.#client?.stop();
    this.#client = null;
  }

  /** Writes a message; resolves once it is stored on the device. */
  async write(sessionId: SessionId, content: string): Promise<void> {
    await this.client.outbox.enqueue('message.send', { id: newMessageId(), sessionId, content });
  }

  /** Nothing waits, nothing is being fetched, and the copy is up to date. */
  async settled(lastSeq: ReadonlyMap<SessionId, number>): Promise<boolean> {
    if (!this.#client || this.client.connection.get().kind !== 'live') return false;
    const entries = await this.client.db.listOutbox();
    if (entries.some((entry) => entry.state === 'queued' && isCounted(entry.op))) return false;
    for (const [sessionId, seq] of lastSeq) {
      const session = await this.client.db.getSession(sessionId);
      if (!session || session.lastSeq < seq) return false;
    }
    return true;
  }

  async bodies(sessionId: SessionId): Promise<string[]> {
    const rows = await this.client.db.listMessages(sessionId, { limit: 100_000 });
    return rows.map((row) => row.content);
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.proxy.stop();
  }
}
