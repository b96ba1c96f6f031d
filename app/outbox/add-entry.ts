import { type MutationId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import { isCounted, type OutboxOp } from '../../protocol/outbox.ts';
import type { Me } from '../../protocol/shapes.ts';
import type { Topic } from '../local-db/changes.ts';
import { endDraft } from '../local-db/draft-rows.ts';
import { applyOptimistically, type Shown } from '../local-db/effects.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { WriteTransaction } from '../local-db/schema.ts';
import { messageOf, supersede } from './entries.ts';

/** A change that was checked by the schema of its kind, on its way into the outbox. */
export interface Change {
  mutationId: MutationId;
  op: OutboxOp;
  input: unknown;
  sessionId: SessionId | null;
  /** When it was made here. */
  at: string;
  shown: Shown;
}

/** Stores a change behind those that wait, in place of what it supersedes, and shows its effect. */
export async function addEntry(
  db: LocalDb,
  me: Me,
  tx: WriteTransaction,
  touched: Set<Topic>,
  { mutationId, op, input, sessionId, at, shown }: Change,
): Promise<void> {
  const store = tx.objectStore('outbox');
  let merged = input;
  for (const earlier of isCounted(op) ? [] : await db.listEntries(tx)) {
    if (earlier.op !== op || earlier.sessionId !== sessionId) continue;
    if (messageOf(earlier.input) !== messageOf(merged)) continue;
    merged = supersede(op, earlier.input, merged);
    await store.delete(earlier.position);
  }
  const untried = { state: 'queued', error: null, attempts: 0, lastAttemptAt: null };
  const position = await store.add({ mutationId, op, input: merged, sessionId, ...untried, createdAt: at });
  const queued = { op, input: merged, mutationId, position, at, ...shown };
  await applyOptimistically(db.effects(tx, touched), me, queued);
  touched.add('outbox').add('sessions');
}

/**
 * The words of a message that is stored now are no draft any more, here or on one's other devices: in one transaction,
 * so that whoever comes back after a crash finds them once.
 */
export async function endWriting(
  db: LocalDb,
  me: Me,
  tx: WriteTransaction,
  touched: Set<Topic>,
  { sessionId, at: now, shown }: Change,
): Promise<void> {
  const at = shown.writtenIn ? await endDraft(tx, touched, shown.writtenIn, now) : null;
  if (at === null) return;
  const input = { sessionId, content: '', at };
  const change = { mutationId: newMutationId(), op: 'draft.set', input, sessionId, at, shown: {} } as const;
  await addEntry(db, me, tx, touched, change);
}
