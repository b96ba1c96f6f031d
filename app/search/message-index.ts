import MiniSearch, { type Options } from 'minisearch';
import type { MessageId, SessionId } from '../../protocol/ids.ts';
import type { SearchableRow } from '../local-db/rows.ts';

const WORD = /[\p{L}\p{N}]+/gu;

/** As people type them: without capitals and accents. */
export const plainWord = (word: string) =>
  word
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();

const options: Options<SearchableRow> = {
  fields: ['content'],
  storeFields: ['sessionId', 'createdAt'],
  tokenize: (text) => text.match(WORD) ?? [],
  processTerm: plainWord,
};

/** Of how many shown results the newest come first; ranking beyond that is by relevance. */
const NEWEST_FIRST = 50;

/** Full text over the messages of one device. Holds words and ids; the texts stay in the database. */
export class MessageIndex {
  #index = new MiniSearch<SearchableRow>(options);
  /** What stands in the index, by id: to find out what changed. */
  #versions = new Map<string, string>();

  get size(): number {
    return this.#versions.size;
  }

  /**
   * Brings a conversation's part (or, without `sessionId`, everything) to what is held now.
   * @returns whether anything changed
   */
  replace(rows: readonly SearchableRow[], sessionId?: SessionId): boolean {
    const present = new Set<string>();
    let hasChanged = false;
    for (const row of rows) {
      present.add(row.id);
      if (this.put(row)) hasChanged = true;
    }
    for (const [id, version] of this.#versions) {
      if (present.has(id) || (sessionId && !version.startsWith(`${sessionId} `))) continue;
      this.remove(id);
      hasChanged = true;
    }
    return hasChanged;
  }

  /** @returns whether it was not in there as it is now */
  put(row: SearchableRow): boolean {
    const version = `${row.sessionId} ${row.editedAt ?? ''} ${row.content.length}`;
    const known = this.#versions.get(row.id);
    if (known === version) return false;
    if (known !== undefined) this.#index.discard(row.id);
    this.#index.add(row);
    this.#versions.set(row.id, version);
    return true;
  }

  /** @returns whether it was in there */
  remove(id: string): boolean {
    if (!this.#versions.delete(id)) return false;
    this.#index.discard(id);
    return true;
  }

  /** Messages that hold all of the words (the last may be unfinished, long ones may have a slip), newest first. */
  search(query: string, limit: number): MessageId[] {
    const words = query.match(WORD) ?? [];
    if (words.length === 0) return [];
    const found = this.#index.search(query, {
      combineWith: 'AND',
      prefix: (_term, index) => index === words.length - 1,
      fuzzy: (term) => (term.length > 5 ? 1 : false),
    });
    // Stored beside each message by the options above.
    const newest = found.slice(0, Math.max(limit, NEWEST_FIRST)) as unknown as SearchableRow[];
    newest.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    return newest.slice(0, limit).map((message) => message.id);
  }

  toStored(): StoredIndex {
    return { version: STORED_VERSION, index: JSON.stringify(this.#index), versions: [...this.#versions] };
  }

  /** An empty index when what was stored is not one of ours: it is made anew from the messages. */
  static fromStored(stored: unknown): MessageIndex {
    const index = new MessageIndex();
    const { version, index: json, versions } = (stored ?? {}) as Partial<StoredIndex>; // checked in the next line
    if (version !== STORED_VERSION || typeof json !== 'string' || !Array.isArray(versions)) return index;
    try {
      index.#index = MiniSearch.loadJSON(json, options);
      index.#versions = new Map(versions);
    } catch {
      return new MessageIndex();
    }
    return index;
  }
}

const STORED_VERSION = 1;

interface StoredIndex {
  version: number;
  index: string;
  versions: [string, string][];
}
