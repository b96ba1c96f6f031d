import type { SessionId } from '../../protocol/ids.ts';
import type { Handle } from './handle.ts';
import type { RowParser } from './row-parser.ts';
import { SearchableRow } from './rows.ts';

/** What this device's search is made from, and the index that it makes. */
export class SearchRows {
  constructor(
    private readonly handle: Handle,
    private readonly parser: RowParser,
  ) {}

  /** What search needs of every message held (of one conversation); deleted and unfinished ones left out. */
  async messages(sessionId?: SessionId): Promise<SearchableRow[]> {
    const all = IDBKeyRange.bound([sessionId ?? '', Number.NEGATIVE_INFINITY], [sessionId ?? '', []]);
    const rows = await this.handle.run((idb) =>
      sessionId ? idb.getAllFromIndex('messages', 'bySession', all) : idb.getAll('messages'),
    );
    return this.parser
      .all('messages', SearchableRow, rows)
      .filter((row) => row.deletedAt === null && row.content !== '');
  }

  index(): Promise<unknown> {
    return this.handle.run((idb) => idb.get('search', 'index'));
  }

  async saveIndex(index: unknown): Promise<void> {
    await this.handle.run((idb) => idb.put('search', index, 'index'));
  }
}
