import 'fake-indexeddb/auto';
import { FileDb } from '../../app/local-db/file-db.ts';
import { LocalDb } from '../../app/local-db/local-db.ts';
import { deleteLocalDb } from '../../app/local-db/schema.ts';
import { ChatClient } from '../../app/sync/chat-client.ts';
import type { Me } from '../../protocol/shapes.ts';
import { ChaosProxy } from './chaos-proxy.ts';
import { callsOf, type Person } from './person.ts';
import type { Random } from './random.ts';
import { installWebLocks } from './web-locks.ts';

installWebLocks();
let count = 0;

/** A simulated device: tabs of the app's own client code on one database of their own, behind a network of its own. */
export class Device {
  #tabs: ChatClient[] = [];
  /** How often it has lost its memory. */
  life = 0;
  /** Whose cookie this browser holds: mostly that of the person whose copy is open. */
  #cookieOf: Person;

  private constructor(
    readonly name: string,
    private owner: Person,
    readonly proxy: ChaosProxy,
    readonly storage: string,
    private readonly patienceMs: number,
  ) {
    this.#cookieOf = owner;
  }

  /** @param patienceMs how long its calls wait; nobody wants to sit through the app's own half a minute */
  static async start(
    name: string,
    person: Person,
    serverUrl: string,
    random: Random,
    patienceMs = 1_500,
  ): Promise<Device> {
    count += 1;
    const proxy = await ChaosProxy.start(serverUrl, random);
    const device = new Device(name, person, proxy, `device ${count} ${name}`, patienceMs);
    await device.open();
    return device;
  }

  get person(): Person {
    return this.owner;
  }

  get isClosed(): boolean {
    return this.#tabs.length === 0;
  }

  get tabs(): readonly ChatClient[] {
    return this.#tabs;
  }

  /** The tab that was opened first. */
  get client(): ChatClient {
    const [client] = this.#tabs;
    if (!client) throw new Error(`${this.name} is not open`);
    return client;
  }

  /** Another tab; the first one of a device that was closed. */
  async open(): Promise<ChatClient> {
    const calls = { ...callsOf(this.proxy.url, () => this.#cookieOf.cookie), patienceMs: this.patienceMs };
    const client = await ChatClient.open(await this.#me(), calls, this.#storageOf(this.person));
    this.#tabs.push(client);
    client.start();
    return client;
  }

  /** One tab is gone, in the middle of whatever it did. What IndexedDB committed stays. */
  async killTab(index: number): Promise<void> {
    const [client] = this.#tabs.splice(index, 1);
    this.proxy.cut();
    await client?.stop();
  }

  /** All of its tabs are. */
  async kill(): Promise<void> {
    while (!this.isClosed) await this.killTab(0);
  }

  /** The browser clears its storage: whatever waited is gone. */
  async forget(): Promise<void> {
    await this.kill();
    const storage = this.#storageOf(this.person);
    await deleteLocalDb(storage);
    await FileDb.delete(storage);
    this.life += 1;
  }

  /** Somebody signs out here, though something waits, and the next one signs in: all that was here is gone. */
  async handTo(next: Person): Promise<void> {
    const [first, ...others] = this.#tabs.splice(0);
    await first?.wipe();
    for (const other of others) await other.stop();
    this.proxy.cut();
    this.life += 1;
    this.owner = next;
    this.#cookieOf = next;
    await this.open();
  }

  /** Another account has signed in here in some tab, and these ones do not know it yet; null: their own is back. */
  signIn(other: Person | null): void {
    this.#cookieOf = other ?? this.person;
    // Streams are those of whoever opened them.
    this.proxy.cut();
    if (!other) for (const tab of this.#tabs) tab.outbox.resume();
  }

  /** As the app opens: what is stored here of oneself, or else what was known when the cookie was given: a snapshot tells the rest. */
  async #me(): Promise<Me> {
    const { me } = this.person;
    const db = await LocalDb.open(me.id, this.#storageOf(this.person));
    const stored = await db.getMe();
    await db.close();
    return stored ?? me;
  }

  #storageOf({ me }: Person): string {
    return `${this.storage} of ${me.id}`;
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.proxy.stop();
  }
}
