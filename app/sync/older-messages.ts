import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { MessagePage } from '../../protocol/outputs.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { Trpc } from '../trpc/client.ts';

/** Of one fetch. */
const OLDER_PAGE = 100;

/** What lies before the part of a conversation that this device holds. */
export class OlderMessages {
  constructor(
    private readonly db: LocalDb,
    private readonly trpc: Pick<Trpc, 'message'>,
  ) {}

  /** Fetches a page of them into the local copy. */
  async load(sessionId: SessionId): Promise<{ hasMore: boolean }> {
    const before = await this.db.oldestSeq(sessionId);
    const page = MessagePage.parse(
      await this.trpc.message.list.query({ sessionId, limit: OLDER_PAGE, ...(before ? { before } : {}) }),
    );
    await this.db.addOlder(sessionId, page);
    return { hasMore: page.hasMore };
  }

  /**
   * Fetches what lies between this message and the end of its conversation, where it is not here yet.
   * @returns its sort key; null when there is no such message
   */
  async upTo(sessionId: SessionId, messageId: MessageId): Promise<number | null> {
    for (;;) {
      const row = await this.db.getMessage(messageId);
      if (row) return row.sessionId === sessionId ? row.sortKey : null;
      if (!(await this.load(sessionId)).hasMore && !(await this.db.getMessage(messageId))) return null;
    }
  }
}
