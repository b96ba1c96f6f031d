import type { LocalDb } from '../local-db/local-db.ts';
import type { DeliveredMarks } from './delivered-marks.ts';
import type { Drafts } from './drafts.ts';

/** To be called whenever the stream is live: tells what stands on this device and the server may not have heard of. */
export function createTellUntold(
  db: Pick<LocalDb, 'untold'>,
  marks: Pick<DeliveredMarks, 'reach'>,
  typed: Pick<Drafts, 'tellAgain'>,
): () => void {
  let areDraftsTold = false;
  const tell = async () => {
    const { delivered, drafts } = await db.untold();
    for (const [sessionId, seq] of delivered) marks.reach(sessionId, seq);
    // Later ones are told as they are typed.
    if (!areDraftsTold) typed.tellAgain(drafts);
    areDraftsTold = true;
  };
  // Closed, or a part that cannot be had: the next time.
  return () => void tell().catch(() => {});
}
