import type { MessageId, SessionId } from '../../protocol/ids.ts';
import type { Log } from '../log/log.ts';
import type { Database } from '../store/database.ts';
import { releaseExpired } from '../store/turn-sql.ts';
import { finishTurn, nothingWritten } from './finish-turn.ts';

/**
 * Takes care of turns whose node died: what has no text yet waits in the queue again; what has ends as interrupted, with
 * the text that was written down (invariant 16).
 */
export async function recoverTurns(database: Database, log: Log): Promise<void> {
  for (const { messageId, sessionId } of await releaseExpired(database.pool)) {
    // Written through their schemas.
    const ref = { messageId: messageId as MessageId, sessionId: sessionId as SessionId };
    await finishTurn(log, ref, 'expired', (content) => ({
      ...nothingWritten,
      content,
      status: 'interrupted',
      error: 'The server stopped while this was being written. Go on from here, or try again.',
    }));
  }
}
