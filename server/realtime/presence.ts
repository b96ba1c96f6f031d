import { AGENT_ID, type SessionId, type UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Presence, PresenceStatus } from '../../protocol/shapes.ts';
import type { Hub } from './hub.ts';

interface Known {
  chosen: PresenceStatus;
  activity: string | null;
  lastSeen: Date;
  connected: boolean;
  leaving: NodeJS.Timeout | null;
  sessions: readonly SessionId[];
}

/** Where presence survives a restart. */
export interface PresenceStore {
  save(
    userId: UserId,
    state: { status: PresenceStatus; activity: string | null; lastSeen: Date },
  ): Promise<void>;
  load(userIds: readonly UserId[]): Promise<Map<UserId, { activity: string | null; lastSeen: Date }>>;
}

/** A page that reloads is gone for a moment only; nobody should see it flicker. */
const LEAVE_AFTER_MS = 5_000;

/** Who is here: the union over a person's open streams, coloured by what they chose. */
export class PresenceBoard {
  #known = new Map<UserId, Known>();

  constructor(
    private readonly hub: Hub,
    private readonly store: PresenceStore,
    private readonly onError: (error: unknown) => void,
    private readonly leaveAfterMs = LEAVE_AFTER_MS,
  ) {}

  /** A stream of theirs opened. */
  connected(userId: UserId, sessions: Iterable<SessionId>): void {
    const known = this.#of(userId);
    if (known.leaving) clearTimeout(known.leaving);
    const wasHere = known.connected;
    Object.assign(known, { connected: true, leaving: null, lastSeen: new Date(), sessions: [...sessions] });
    if (known.chosen === 'offline') known.chosen = 'online';
    if (!wasHere) this.#tell(userId, known);
  }

  /** A stream of theirs closed; they are gone once none is left. */
  disconnected(userId: UserId, sessions: Iterable<SessionId>): void {
    const known = this.#of(userId);
    known.lastSeen = new Date();
    known.sessions = [...sessions];
    if (!this.hub.isConnected(userId)) this.#leaveLater(userId, known, this.leaveAfterMs);
  }

  choose(
    userId: UserId,
    chosen: PresenceStatus,
    activity: string | null,
    sessions: Iterable<SessionId>,
  ): void {
    const known = this.#of(userId);
    const connected = chosen !== 'offline' || this.hub.isConnected(userId);
    Object.assign(known, { chosen, activity, connected, lastSeen: new Date(), sessions: [...sessions] });
    this.#tell(userId, known);
    // Someone without a stream (a script, a page about to open one) is believed only for a while.
    if (!this.hub.isConnected(userId)) this.#leaveLater(userId, known, limits.presenceExpiresMs);
  }

  async get(userIds: readonly UserId[]): Promise<Presence[]> {
    const stored = await this.store.load(
      userIds.filter((id) => !this.#known.get(id)?.connected && id !== AGENT_ID),
    );
    return userIds.map((userId) => {
      const known = this.#known.get(userId);
      if (userId === AGENT_ID)
        return { userId, status: 'online', lastSeen: new Date().toISOString(), activity: null };
      if (known) return describePresence(userId, known);
      const last = stored.get(userId);
      return { userId, status: 'offline', lastSeen: last?.lastSeen.toISOString() ?? null, activity: null };
    });
  }

  close(): void {
    for (const known of this.#known.values()) if (known.leaving) clearTimeout(known.leaving);
  }

  #leaveLater(userId: UserId, known: Known, afterMs: number): void {
    if (known.leaving) clearTimeout(known.leaving);
    known.leaving = setTimeout(() => {
      known.leaving = null;
      if (this.hub.isConnected(userId)) return;
      const wasHere = known.connected;
      known.connected = false;
      if (wasHere) this.#tell(userId, known);
      this.#known.delete(userId);
    }, afterMs).unref();
  }

  #of(userId: UserId): Known {
    let known = this.#known.get(userId);
    if (!known) {
      known = {
        chosen: 'online',
        activity: null,
        lastSeen: new Date(),
        connected: false,
        leaving: null,
        sessions: [],
      };
      this.#known.set(userId, known);
    }
    return known;
  }

  #tell(userId: UserId, known: Known): void {
    const presence = describePresence(userId, known);
    const peers = this.hub.peersOf(known.sessions);
    this.hub.tellAccounts(peers, { type: 'presence', ...presence });
    this.store
      .save(userId, { status: presence.status, activity: known.activity, lastSeen: known.lastSeen })
      .catch(this.onError);
  }
}

function describePresence(userId: UserId, known: Known): Presence {
  const status = known.connected ? known.chosen : 'offline';
  return {
    userId,
    status,
    lastSeen: known.lastSeen.toISOString(),
    activity: known.connected ? known.activity : null,
  };
}
