import 'fake-indexeddb/auto';
import { deleteLocalDb } from '../../app/local-db/schema.ts';
import { ChatClient } from '../../app/sync/chat-client.ts';
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

  private constructor(
    readonly name: string,
    readonly person: Person,
    readonly proxy: ChaosProxy,
    readonly storage: string,
    private readonly patienceMs: number,
  ) {}

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
    const calls = { ...callsOf(this.proxy.url, () => this.person.cookie), patienceMs: this.patienceMs };
    const client = await ChatClient.open(this.person.me, calls, this.storage);
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
    await deleteLocalDb(this.storage);
    this.life += 1;
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.proxy.stop();
  }
}
