import type { SessionId } from '../../protocol/ids.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { ConnectionState } from './connection.ts';
import type { Store } from './store.ts';

export interface MenderOptions {
  db: LocalDb;
  connection: Store<ConnectionState>;
  /** Compares a conversation with the server's. Resolves whether it could be compared now. */
  compare(sessionId: SessionId): Promise<boolean>;
  /** The newest part of whatever was used last. */
  compareRecent(): void;
  takeSnapshot(): Promise<void>;
  /** Shows again what waits here and was lost from the screen. */
  showWaiting(): Promise<void>;
  /** Stores again who this copy belongs to. */
  saveMe(): Promise<void>;
}

/** Fetches what this device lost: rows that were set aside, or everything. What cannot be fetched now stays owed. */
export class Mender {
  #owed = new Set<SessionId>();
  #owesAll = false;
  #running: Promise<void> | null = null;

  constructor(private readonly options: MenderOptions) {}

  /** Returns what ends it. */
  start(): () => void {
    const { db, connection } = this.options;
    const offs = [
      db.onDamage((damage) => {
        if (damage.kind === 'all') this.#owesAll = true;
        else if (damage.sessionId) this.#owed.add(damage.sessionId);
        else return this.options.compareRecent();
        void this.#pay();
      }),
      db.onEmptied(() => {
        this.#owesAll = true;
        void this.options.saveMe().then(() => this.#pay());
      }),
      connection.subscribe(() => void this.#pay()),
      // A conversation is compared only when nothing of it waits.
      db.subscribe(['outbox'], () => void this.#pay()),
    ];
    return () => {
      for (const off of offs) off();
    };
  }

  #pay(): Promise<void> {
    this.#running ??= this.#payAll()
      .catch(() => {
        // Offline again: it stays owed.
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #payAll(): Promise<void> {
    const { connection, compare, takeSnapshot, showWaiting } = this.options;
    if (this.#owed.size > 0) await showWaiting();
    if (connection.get().kind !== 'live') return;
    if (this.#owesAll) {
      await takeSnapshot();
      this.#owesAll = false;
    }
    for (const sessionId of [...this.#owed]) if (await compare(sessionId)) this.#owed.delete(sessionId);
  }
}
