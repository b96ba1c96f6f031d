import type { Failure } from '../../protocol/errors.ts';
import { newMutationId } from '../../protocol/ids.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { OutboxEntry } from '../local-db/rows.ts';
import { settleFailed, takeEdits } from './acknowledge.ts';
import { contentOf, idOf } from './entries.ts';
import type { OutboxOptions } from './outbox.ts';

/**
 * The server holds this id with another text. When that is this very message, sent before its words were changed
 * here and acknowledged to nobody, the change becomes an edit of it; anything else is for the person to decide.
 * @returns whether it is settled; false when it could not be found out now
 */
export async function settleSpentId(
  entry: OutboxEntry,
  error: Failure,
  { db, me, storedMessage, failureOf }: Pick<OutboxOptions, 'db' | 'me' | 'storedMessage' | 'failureOf'>,
): Promise<boolean> {
  const id = entry.op === 'message.send' ? idOf(entry) : null;
  let stored: ChatMessage | null = null;
  try {
    stored = id ? await storedMessage(id) : null;
  } catch (cause) {
    const failure = failureOf(cause);
    if (!failure || failure.retryable || failure.reason === 'UNAUTHENTICATED') return false;
  }
  const isOurs = stored?.userId === me().id && stored.sessionId === entry.sessionId;
  if (stored && isOurs) await settleReused(db, entry, stored);
  else await settleFailed(db, entry, error);
  return true;
}

/** The server has this message already, with other words: the entry becomes the edit that it was meant to be. */
async function settleReused(db: LocalDb, entry: OutboxEntry, stored: ChatMessage): Promise<void> {
  await db.write('strict', async (tx, touched) => {
    const outbox = tx.objectStore('outbox');
    if ((await outbox.getKey(entry.position)) === undefined) return;
    const content = (await takeEdits(db, tx, stored.id)) ?? contentOf(entry) ?? stored.content;
    await outbox.delete(entry.position);
    const isEdit = stored.deletedAt === null && content !== stored.content;
    if (isEdit) {
      const { position: _next, ...rest } = entry;
      const mutationId = newMutationId();
      const input = { mutationId, messageId: stored.id, content };
      await outbox.add({ ...rest, mutationId, op: 'message.edit', input, attempts: 0, lastAttemptAt: null });
    }
    const shown = isEdit ? { ...stored, content } : stored;
    await tx.objectStore('messages').put({ ...shown, sortKey: stored.seq, local: null });
    touched.add('outbox').add('sessions');
    touched.add(`messages:${stored.sessionId}`).add(`message:${stored.id}`);
  });
}
