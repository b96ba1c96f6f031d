import type { UserId } from '../../protocol/ids.ts';
import type { Presence } from '../../protocol/shapes.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { AppliedEvent } from '../local-db/server-writes.ts';
import type { ConnectionState } from './connection.ts';
import { Store } from './store.ts';

const ASKED_AT_ONCE = 200;

export interface KnownPresenceOptions {
  db: LocalDb;
  connection: Store<ConnectionState>;
  /** What is shown of others right now. */
  shown(): readonly Presence[];
  show(presence: readonly Presence[]): void;
  ask(userIds: UserId[]): Promise<Presence[]>;
}

/**
 * Nothing is staler than it admits (M8): presence is asked for once live, and while this device is not, it is
 * what it was when it last was, with that moment beside it.
 */
export class KnownPresence {
  /** While not live: the moment up to which presence was true; null while live, or when it never was known. */
  readonly asOf = new Store<string | null>(null);
  #wasLive = false;

  constructor(private readonly options: KnownPresenceOptions) {}

  /** Follows the connection. Returns what ends that. */
  start(): () => void {
    void this.#recall();
    return this.options.connection.subscribe(() => void this.#age());
  }

  /** Presence is told only when it changes: whoever comes back has to ask once. */
  async refresh(): Promise<void> {
    const { db, ask, show } = this.options;
    try {
      const sessions = await db.listSessions();
      const people = new Set(sessions.flatMap((session) => session.members.map((member) => member.userId)));
      if (people.size === 0) return;
      const presence = await ask([...people].slice(0, ASKED_AT_ONCE));
      show(presence);
      await db.saveLastKnown({ at: new Date().toISOString(), presence });
    } catch {
      // It comes with the next change, or the next time.
    }
  }

  /** Somebody met in a new conversation was here, or away, before one could be told of it. */
  async meet(events: readonly AppliedEvent[]): Promise<void> {
    const met = new Set<UserId>();
    for (const { event } of events) {
      if (event.type !== 'session.created' && event.type !== 'member.joined') continue;
      // Of a group it is shown in its details only, which ask for it.
      if (event.session.isGroupChat) continue;
      for (const { userId } of event.session.members) met.add(userId);
    }
    await this.find([...met]);
  }

  /** Asks for those of whom nothing is known yet. */
  async find(userIds: readonly UserId[]): Promise<void> {
    const { ask, shown, show } = this.options;
    const known = new Set<string>(shown().map(({ userId }) => userId));
    const unknown = userIds.filter((userId) => !known.has(userId));
    if (unknown.length === 0) return;
    try {
      show(await ask(unknown.slice(0, ASKED_AT_ONCE)));
    } catch {
      // It comes with the next change, or the next time.
    }
  }

  async #recall(): Promise<void> {
    const { db, connection, show } = this.options;
    const known = await db.getLastKnown().catch(() => null);
    if (!known || connection.get().kind === 'live') return;
    show(known.presence);
    this.asOf.set(known.at);
  }

  async #age(): Promise<void> {
    const { db, connection, shown } = this.options;
    if (connection.get().kind === 'live') {
      this.#wasLive = true;
      this.asOf.set(null);
    } else if (this.#wasLive) {
      this.#wasLive = false;
      const at = new Date().toISOString();
      this.asOf.set(at);
      await db.saveLastKnown({ at, presence: [...shown()] }).catch(() => {});
    }
  }
}
