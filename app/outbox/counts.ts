import { isCounted } from '../../protocol/outbox.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { isKnown } from './entries.ts';

/** What has not reached the server: still on its way, refused by it, and none of this version's. */
export interface OutboxCounts {
  waiting: number;
  refused: number;
  strange: number;
}

export async function countOutbox(db: LocalDb): Promise<OutboxCounts> {
  const entries = (await db.listOutbox()).filter((entry) => isCounted(entry.op));
  const unknown = entries.filter((entry) => !isKnown(entry.op)).length;
  const refused = entries.filter((entry) => entry.state === 'failed').length;
  return {
    waiting: entries.length - refused - unknown,
    refused,
    strange: unknown + (await db.strange.list()).length,
  };
}
