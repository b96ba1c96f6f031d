import { ThreadMark } from '../../protocol/outputs.ts';
import type { WriteTransaction } from './schema.ts';

/** Moves a thread's mark forward; never back (as invariant 13 says of the conversation's own). */
export async function putThreadMark(
  tx: WriteTransaction,
  { sessionId, messageId, readSeq }: ThreadMark,
): Promise<void> {
  const store = tx.objectStore('threads');
  const held = ThreadMark.safeParse(await store.get(messageId));
  if (held.success && held.data.readSeq >= readSeq) return;
  await store.put({ sessionId, messageId, readSeq });
}
