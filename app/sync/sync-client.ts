import { type ChatEvent, isDurable, StateEvent } from '../../protocol/events.ts';
import type { MessageId } from '../../protocol/ids.ts';
import { Snapshot } from '../../protocol/outputs.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { AppliedEvent } from '../local-db/server-writes.ts';
import { tellOne } from '../local-db/tell-one.ts';
import { backoff } from '../outbox/backoff.ts';
import { failureOf, type Trpc } from '../trpc/client.ts';
import { type ConnectionState, step } from './connection.ts';
import type { Ephemeral } from './ephemeral.ts';
import { EventStream } from './event-stream.ts';
import type { Store } from './store.ts';

export interface SyncOptions {
  db: LocalDb;
  trpc: Trpc;
  ephemeral: Ephemeral;
  connection: Store<ConnectionState>;
  /** After events were applied: receipts to send, tabs to tell. */
  onApplied(events: readonly AppliedEvent[]): void;
  onLive(): void;
  isOnline(): boolean;
  /** Whether one tab at a time applies what is told; where there are no locks, each does. */
  leadsAlone(): boolean;
}

/** So often a browser that says it is offline is not believed: some say so beside a network that works. */
const DOUBT_MS = 30_000;
/** Asked for in a row, by a tab beside one that keeps moving on. */
const SNAPSHOTS_AT_MOST = 4;

/**
 * Keeps the local copy up to date: snapshot where there is none, then one subscription after the other from the stored
 * cursor, for as long as the auth session lives (invariants 7-11).
 */
export class SyncClient {
  #stream: EventStream | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #attempt = 0;
  #waiting: AppliedEvent[] = [];
  /** Where the copy stands behind what this stream has told. */
  #cursor: string | null = null;
  #applying: Promise<void> = Promise.resolve();
  #generation = 0;
  #stopped = true;

  constructor(private readonly options: SyncOptions) {}

  start(): void {
    this.#stopped = false;
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#close();
  }

  /** Now, whatever the pause: the person asked, or the network came back. */
  reconnectNow(): void {
    if (this.#stopped) return;
    this.#attempt = 0;
    void this.#connect();
  }

  /** Everything anew, for what is held here cannot be trusted. Also in a tab that only follows. */
  async startOver(): Promise<void> {
    if (this.#stopped) await this.#takeSnapshot(() => false);
    else await this.#resync();
  }

  /** The network is gone, says the browser. */
  wentOffline(): void {
    if (this.#stopped) return;
    this.#close();
    this.#becomeOffline();
  }

  #close(): void {
    this.#generation += 1;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#stream?.close();
    this.#stream = null;
    this.#waiting = [];
  }

  async #connect(): Promise<void> {
    this.#close();
    const generation = this.#generation;
    const isOld = () => generation !== this.#generation || this.#stopped;
    this.#become({ kind: 'connecting', attempt: this.#attempt });
    try {
      await this.#applying;
      if ((await this.options.db.getCursor()) === null) await this.#takeSnapshot(isOld);
      const cursor = await this.options.db.getCursor();
      if (isOld()) return;
      this.#cursor = cursor;
      const answers = this.options.ephemeral.heldAnswers();
      this.#stream = new EventStream(
        this.options.trpc,
        { cursor, answers },
        {
          onOpen: () => {},
          onEvent: (event, id) => {
            if (!isOld()) this.#receive(event, id);
          },
          onMalformed: () => {
            if (!isOld()) void this.#resync();
          },
          onEnd: (reason) => {
            if (isOld()) return;
            if (reason === 'signed-out') this.#signedOut();
            else this.#retry();
          },
        },
      );
    } catch (error) {
      if (!isOld()) this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (failureOf(error)?.reason === 'UNAUTHENTICATED') this.#signedOut();
    else this.#retry();
  }

  #receive(event: ChatEvent, cursor: string): void {
    if (event.type === 'resync') void this.#resync();
    else if (event.type === 'caught-up') this.#caughtUp();
    else if (isDurable(event) || isState(event)) this.#apply({ cursor, event });
    else tellOne(() => this.options.ephemeral.apply(event));
  }

  /** Events that come while a transaction runs share the next one. */
  #apply(applied: AppliedEvent): void {
    this.#waiting.push(applied);
    if (this.#waiting.length > 1) return;
    const generation = this.#generation;
    this.#applying = this.#applying.then(async () => {
      if (generation !== this.#generation) return;
      const batch = this.#waiting.splice(0);
      try {
        const { db, leadsAlone } = this.options;
        const result = await db.applyEvents(batch, leadsAlone() ? this.#cursor : undefined);
        if (result === 'gap') return void this.#resync();
        // From where it stands now, by the tab that leads now.
        if (result === 'moved') {
          if (generation === this.#generation) this.reconnectNow();
          return;
        }
        this.#cursor = batch.at(-1)?.cursor ?? this.#cursor;
        for (const { event } of batch)
          if (event.type === 'message.completed')
            this.options.ephemeral.endAnswer(event.messageId as MessageId);
        tellOne(() => this.options.onApplied(batch));
      } catch {
        // Storage failed: what was not applied is asked for again from the stored cursor.
        if (generation === this.#generation) this.#retry();
      }
    });
  }

  /** Once all of it is stored: a device that is full has not caught up, and asks again ever more seldom. */
  #caughtUp(): void {
    const generation = this.#generation;
    this.#applying = this.#applying.then(() => {
      if (generation !== this.#generation) return;
      this.#attempt = 0;
      this.#become({ kind: 'live', since: Date.now() });
      tellOne(() => this.options.onLive());
    });
  }

  /** The stream ends first: an event applied beside the snapshot would move the cursor past what the snapshot undid. */
  async #resync(): Promise<void> {
    this.#close();
    const generation = this.#generation;
    const isOld = () => generation !== this.#generation || this.#stopped;
    this.#become({ kind: 'connecting', attempt: this.#attempt });
    try {
      await this.#applying;
      await this.#takeSnapshot(isOld);
      if (!isOld()) await this.#connect();
    } catch (error) {
      if (!isOld()) this.#failed(error);
    }
  }

  /**
   * One that comes after its connection was given up, or after the tab that leads has moved on, is older than what was
   * applied since: it is left, and in the latter case asked for again.
   */
  async #takeSnapshot(isOld: () => boolean): Promise<void> {
    const { db, trpc, ephemeral } = this.options;
    for (let tries = 1; ; tries += 1) {
      const before = await db.getCursor();
      const snapshot = Snapshot.parse(await trpc.sync.snapshot.query());
      if (isOld()) return;
      const isLastTry = tries === SNAPSHOTS_AT_MOST;
      if (!(await db.applySnapshot(snapshot, isLastTry ? undefined : before))) continue;
      ephemeral.setPresence(snapshot.presence);
      return;
    }
  }

  #retry(): void {
    this.#close();
    if (this.#stopped) return;
    this.#attempt += 1;
    if (!this.options.isOnline()) {
      this.#becomeOffline();
      return;
    }
    const pause = backoff(this.#attempt);
    this.#become({ kind: 'waiting', until: Date.now() + pause, attempt: this.#attempt });
    this.#timer = setTimeout(() => void this.#connect(), pause);
  }

  #becomeOffline(): void {
    this.#become({ kind: 'offline' });
    this.#timer = setTimeout(() => void this.#connect(), DOUBT_MS);
  }

  #signedOut(): void {
    this.#close();
    this.#become({ kind: 'signed-out' });
  }

  #become(next: ConnectionState): void {
    const { connection } = this.options;
    connection.set(step(connection.get(), next));
  }
}

function isState(event: ChatEvent): event is StateEvent {
  return StateEvent.safeParse(event).success;
}
