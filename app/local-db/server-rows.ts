import type { SessionId, UserId } from '../../protocol/ids.ts';
import { isCounted } from '../../protocol/outbox.ts';
import type { StoredDraft, ThreadMark } from '../../protocol/outputs.ts';
import type { ChatMessage, ChatSession } from '../../protocol/shapes.ts';
import { isUnread } from '../../protocol/unread.ts';
import type { Topic } from './changes.ts';
import type { RowParser } from './row-parser.ts';
import { Draft, MessageRow, OutboxEntry, StoredSession } from './rows.ts';
import type { WriteTransaction } from './schema.ts';
import { putThreadMark } from './thread-marks.ts';

/** The rows that the server has a say in, within one transaction. */
export class ServerRows {
  /** Conversations as this transaction has them so far; those that changed are stored once, at its end. */
  #sessions = new Map<SessionId, StoredSession | null>();
  #changed = new Set<SessionId>();
  #puts: Promise<unknown>[] = [];

  constructor(
    readonly tx: WriteTransaction,
    readonly touched: Set<Topic>,
    readonly parser: RowParser,
    readonly me: UserId,
  ) {}

  /** Requests are carried out in their order: nobody has to wait for one before making the next. */
  async finish(): Promise<void> {
    for (const id of this.#changed) {
      const session = this.#sessions.get(id);
      if (session) this.#puts.push(this.tx.objectStore('sessions').put(session));
    }
    this.#changed.clear();
    await Promise.all(this.#puts.splice(0));
  }

  putMeta(name: 'cursor' | 'me', value: unknown): void {
    this.#puts.push(this.tx.objectStore('meta').put(value, name));
  }

  async cursor(): Promise<string | null> {
    const cursor: unknown = await this.tx.objectStore('meta').get('cursor');
    return typeof cursor === 'string' ? cursor : null;
  }

  async session(id: SessionId): Promise<StoredSession | null> {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const row = this.parser.one('sessions', StoredSession, await this.tx.objectStore('sessions').get(id));
    this.#sessions.set(id, row);
    return row;
  }

  async allSessions(): Promise<StoredSession[]> {
    return this.parser.all('sessions', StoredSession, await this.tx.objectStore('sessions').getAll());
  }

  putSession(session: StoredSession): void {
    this.#sessions.set(session.id, session);
    this.#changed.add(session.id);
  }

  async message(id: ChatMessage['id']): Promise<MessageRow | null> {
    return this.parser.one('messages', MessageRow, await this.tx.objectStore('messages').get(id));
  }

  /** Invariant 12: whichever comes first, acknowledgement or event, there is one row under the message's id. */
  putMessage(message: ChatMessage): void {
    const { sortKey: _sortKey, local: _local, ...wire } = message as MessageRow; // a row came from the copy
    const row = wire.seq === 0 ? message : { ...wire, sortKey: wire.seq, local: null };
    this.#puts.push(this.tx.objectStore('messages').put(row));
    this.touched.add(`message:${message.id}`);
  }

  async messagesIn(sessionId: SessionId, from: number, to: number): Promise<MessageRow[]> {
    const range = IDBKeyRange.bound([sessionId, from], [sessionId, to]);
    const rows = await this.tx.objectStore('messages').index('bySession').getAll(range);
    return this.parser.all('messages', MessageRow, rows);
  }

  async removeMessages(sessionId: SessionId, from: number, below: number): Promise<void> {
    const range = IDBKeyRange.bound([sessionId, from], [sessionId, below]);
    const messages = this.tx.objectStore('messages');
    for (const id of await messages.index('bySession').getAllKeys(range))
      this.#puts.push(messages.delete(id));
  }

  unreadAmong({ members }: Pick<ChatSession, 'members'>, messages: readonly ChatMessage[]): number {
    const readSeq = members.find((member) => member.userId === this.me)?.readSeq ?? Number.POSITIVE_INFINITY;
    return messages.filter((message) => isUnread(message, this.me, readSeq)).length;
  }

  async hasWaiting(sessionId: SessionId): Promise<boolean> {
    const entries = this.parser.all('outbox', OutboxEntry, await this.tx.objectStore('outbox').getAll());
    return entries.some((entry) => entry.sessionId === sessionId && isCounted(entry.op));
  }

  /**
   * The newest wins; what this device has not yet told the server is newer by what it knows. Of the same words the
   * server knows better when they were written: a clock that is ahead here must not win for ever.
   */
  async putDraft({ sessionId, content, at }: StoredDraft): Promise<void> {
    const drafts = this.tx.objectStore('drafts');
    const held = this.parser.one('drafts', Draft, await drafts.get(sessionId));
    if (held && held.at >= at && held.content !== content) return;
    await drafts.put({ sessionId, content, at });
    this.touched.add('sessions').add(`draft:${sessionId}`);
  }

  async putThreadMark(mark: ThreadMark): Promise<void> {
    await putThreadMark(this.tx, mark);
    this.touched.add(`messages:${mark.sessionId}`);
  }
}
