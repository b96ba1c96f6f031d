import { SessionId } from '../../protocol/ids.ts';
import type { Handle } from './handle.ts';

/** What was lost to it: part of a conversation, or something that only a whole snapshot brings back. */
export type Damage = { kind: 'messages'; sessionId: SessionId | null } | { kind: 'all' };

const keyOf = {
  sessions: 'id',
  messages: 'id',
  drafts: 'sessionId',
  threadDrafts: 'threadRoot',
  projects: 'id',
  memories: 'id',
} as const;
type MendedStore = keyof typeof keyOf;

const isMended = (store: string): store is MendedStore => store in keyOf;

/**
 * Where rows go that are not ours. Kept for whoever looks into it, taken out of the way of the server's own, which are
 * fetched again. Entries of the outbox stay where they are: they may be a newer version's, and nothing is dropped.
 */
export class Quarantine {
  #pending = new Set<string>();

  constructor(
    private readonly handle: Handle,
    private readonly onDamage: (damage: Damage) => void,
  ) {}

  take(store: string, row: unknown, fits: (row: unknown) => boolean): void {
    if (!isMended(store)) return;
    const fields = row as Record<string, unknown>; // a store with a key path holds objects alone
    const key = fields[keyOf[store]];
    if (typeof key !== 'string' || this.#pending.has(`${store} ${key}`)) return;
    this.#pending.add(`${store} ${key}`);
    void this.#move(store, key, fits)
      .then((isMoved) => {
        if (!isMoved) return;
        if (store !== 'messages') return this.onDamage({ kind: 'all' });
        const sessionId = SessionId.safeParse(fields.sessionId).data ?? null;
        this.onDamage({ kind: 'messages', sessionId });
      })
      // Tried again when the row is met the next time.
      .catch(() => {})
      .finally(() => this.#pending.delete(`${store} ${key}`));
  }

  /** False when the row has been replaced by a proper one meanwhile. */
  #move(store: MendedStore, key: string, fits: (row: unknown) => boolean): Promise<boolean> {
    return this.handle.run(async (idb) => {
      const tx = idb.transaction([store, 'quarantine'], 'readwrite');
      const row = await tx.objectStore(store).get(key);
      const isBad = row !== undefined && !fits(row);
      if (isBad) {
        await tx.objectStore('quarantine').add({ store, row, at: new Date().toISOString() });
        await tx.objectStore(store).delete(key);
      }
      await tx.done;
      return isBad;
    });
  }
}
