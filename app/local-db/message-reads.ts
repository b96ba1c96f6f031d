import type { SessionId, UserId } from '../../protocol/ids.ts';
import { mentionsIn } from '../../protocol/mentions.ts';
import { isUnread } from '../../protocol/unread.ts';
import type { RowParser } from './row-parser.ts';
import { MessageRow, QUEUED_SORT_KEY, type SessionRow, type StoredSession } from './rows.ts';
import type { ChatIdb } from './schema.ts';

/** Rows that are fetched one by one. */
const STEPS_AT_MOST = 8;

/** Reads of one conversation in its order. What they cost depends on the rows asked for, not on the rows held. */
export class MessageReads {
  constructor(
    private readonly parser: RowParser,
    private readonly me: UserId,
  ) {}

  /** The last rows that stand before a sort key, oldest first. */
  async before(idb: ChatIdb, sessionId: SessionId, before: number, limit: number): Promise<MessageRow[]> {
    const index = idb.transaction('messages').store.index('bySession');
    if (limit <= STEPS_AT_MOST) {
      const found: unknown[] = [];
      let cursor = await index.openCursor(between(sessionId, 0, before, true), 'prev');
      while (cursor && found.length < limit) {
        if (isShown(cursor.value)) found.unshift(cursor.value);
        cursor = await cursor.continue();
      }
      return this.#parsed(found);
    }
    // A step of a cursor costs a turn of the event loop, so that rows are read in one go: as many seqs back as rows are
    // wanted, and twice as many for as long as that is too few (edits and reactions have seqs, too).
    const found: unknown[] = [];
    let end = before;
    if (end > QUEUED_SORT_KEY) {
      const queued = await index.getAll(between(sessionId, QUEUED_SORT_KEY, end, true));
      found.push(...queued.filter(isShown));
      const last = await index.openKeyCursor(between(sessionId, 0, QUEUED_SORT_KEY, true), 'prev');
      // The index's own key: a string and a number.
      end = last ? (last.key as [string, number])[1] + 1 : 0;
    }
    for (let span = limit; found.length < limit && end > 0; span *= 2) {
      const start = Math.max(0, end - span);
      found.unshift(...(await index.getAll(between(sessionId, start, end, true))).filter(isShown));
      end = start;
    }
    return this.#parsed(found.slice(-limit));
  }

  /** Rows from one sort key to another, both of them included, oldest first. */
  async between(idb: ChatIdb, sessionId: SessionId, from: number, to: number): Promise<MessageRow[]> {
    return this.#parsed(await idb.getAllFromIndex('messages', 'bySession', between(sessionId, from, to)));
  }

  /** The first rows that stand behind a sort key, oldest first. */
  async after(idb: ChatIdb, sessionId: SessionId, after: number, limit: number): Promise<MessageRow[]> {
    const index = idb.transaction('messages').store.index('bySession');
    const found: unknown[] = [];
    let start = after;
    while (found.length < limit) {
      const range = IDBKeyRange.bound([sessionId, start], [sessionId, Number.POSITIVE_INFINITY], true);
      const rows = await index.getAll(range, limit);
      found.push(...rows.filter(isShown));
      if (rows.length < limit) break;
      start = (rows.at(-1) as { sortKey: number }).sortKey; // the index holds no row without one
    }
    return this.#parsed(found.slice(0, limit));
  }

  /** Where the stored part of a conversation begins on this device; null when nothing of it is here. */
  async oldestSeq(idb: ChatIdb, sessionId: SessionId): Promise<number | null> {
    const stored = between(sessionId, 0, QUEUED_SORT_KEY, true);
    const [row] = await idb.getAllFromIndex('messages', 'bySession', stored, 1);
    return this.parser.one('messages', MessageRow, row)?.seq ?? null;
  }

  /** Messages of others, not deleted, above my read mark: how many, how many of them speak to me, and the first. */
  async unread(
    idb: ChatIdb,
    session: StoredSession,
  ): Promise<Pick<SessionRow, 'unread' | 'mentions' | 'firstUnread'>> {
    const readSeq = session.members.find((member) => member.userId === this.me)?.readSeq ?? session.lastSeq;
    if (readSeq >= session.lastSeq) return { unread: 0, mentions: 0, firstUnread: null };
    const rows = await this.between(idb, session.id, readSeq + 0.5, QUEUED_SORT_KEY - 1);
    const unread = rows.filter((row) => isUnread(row, this.me, readSeq));
    let mentions = 0;
    for (const row of unread) if (await this.#speaksToMe(idb, row, session)) mentions += 1;
    const older = await this.#olderUnread(idb, session, readSeq);
    return { unread: older + unread.length, mentions, firstUnread: unread[0]?.id ?? null };
  }

  /** Of what is not here, as the server counted it; no more than there is room for above my mark. */
  async #olderUnread(
    idb: ChatIdb,
    { id, olderUnread, lastSeq }: StoredSession,
    readSeq: number,
  ): Promise<number> {
    if (olderUnread === 0) return 0;
    const oldest = (await this.oldestSeq(idb, id)) ?? lastSeq + 1;
    return Math.max(0, Math.min(olderUnread, oldest - 1 - readSeq));
  }

  /** By name, or in answer to something of mine; where there are but two, everything does, and nothing is marked. */
  async #speaksToMe(idb: ChatIdb, row: MessageRow, session: StoredSession): Promise<boolean> {
    if (!session.isGroupChat && session.members.length < 3) return false;
    if (mentionsIn(row.content, session.members).includes(this.me)) return true;
    if (row.parentId === null) return false;
    const answered = await idb.get('messages', row.parentId);
    return this.parser.one('messages', MessageRow, answered)?.userId === this.me;
  }

  #parsed(rows: readonly unknown[]): MessageRow[] {
    return this.parser.all('messages', MessageRow, rows);
  }
}

/** What was taken back before anyone had read it is kept (its place counts), and not shown. */
function isShown(row: unknown): boolean {
  return (row as { withdrawn?: unknown }).withdrawn !== true; // any row; an odd one is judged by its schema
}

function between(sessionId: SessionId, from: number, to: number, isOpen = false): IDBKeyRange {
  return IDBKeyRange.bound([sessionId, from], [sessionId, to], false, isOpen);
}
