import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { ThreadMark } from '../../protocol/outputs.ts';
import type { Handle } from './handle.ts';
import type { RowParser } from './row-parser.ts';
import { JournalEntry, MessageRow } from './rows.ts';

/** Reads of what stands out of a conversation: threads, stars, pins, and how one's own messages left. */
export class MarkedReads {
  constructor(
    private readonly handle: Handle,
    private readonly parser: RowParser,
  ) {}

  /** Everything that was replied to this message, and to the replies, oldest first, as far as it is here. */
  thread(rootId: MessageId): Promise<MessageRow[]> {
    return this.handle.run(async (idb) => {
      const found = new Map<MessageId, MessageRow>();
      const under = [rootId];
      for (let id = under.pop(); id; id = under.pop()) {
        const rows = await idb.getAllFromIndex('messages', 'byParent', id);
        for (const row of this.parser.all('messages', MessageRow, rows)) {
          if (found.has(row.id) || row.withdrawn) continue;
          found.set(row.id, row);
          under.push(row.id);
        }
      }
      return [...found.values()].sort((a, b) => a.sortKey - b.sortKey);
    });
  }

  /** How far each thread of a conversation was read, by its first message. */
  async threadMarks(sessionId: SessionId): Promise<Map<MessageId, number>> {
    const rows = await this.handle.run((idb) => idb.getAll('threads'));
    const marks = this.parser.all('threads', ThreadMark, rows);
    return new Map(
      marks.filter((mark) => mark.sessionId === sessionId).map((mark) => [mark.messageId, mark.readSeq]),
    );
  }

  /** My starred messages as far as they are here, newest star first. */
  async starred(): Promise<MessageRow[]> {
    const rows = await this.handle.run((idb) => idb.getAllFromIndex('messages', 'byStar'));
    return this.parser.all('messages', MessageRow, rows.reverse());
  }

  /** Pinned messages of a conversation as far as they are here, newest pin first. */
  async pinned(sessionId: SessionId): Promise<MessageRow[]> {
    const range = IDBKeyRange.bound([sessionId, ''], [sessionId, '\uffff']);
    const rows = await this.handle.run((idb) => idb.getAllFromIndex('messages', 'byPin', range));
    return this.parser.all('messages', MessageRow, rows.reverse());
  }

  /** How a message of mine left this device; null when another one sent it. */
  async journal(messageId: MessageId): Promise<JournalEntry | null> {
    const row = await this.handle.run((idb) => idb.get('journal', messageId));
    return this.parser.one('journal', JournalEntry, row);
  }
}
