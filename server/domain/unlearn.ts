import type { MessageId } from '../../protocol/ids.ts';
import type { Change } from '../log/change.ts';
import { forgetFrom } from './keep-memory.ts';
import type { MessageRow } from './shapes.ts';

/** A message was deleted, or says something else now: nothing that was made of its old words stays. */
export async function unlearn(change: Change, message: MessageRow): Promise<void> {
  const { id, sessionId, seq } = message;
  await forgetFrom(change, id as MessageId); // written through its schema
  await change.tx.sessionSummary.deleteMany({ where: { sessionId, coversSeq: { gte: seq } } });
}
