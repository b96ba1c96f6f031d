import type { MessageId, SessionId } from '../../protocol/ids.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { MessageIndex } from './message-index.ts';

const REFRESH_AFTER_MS = 400;
const STORE_AFTER_MS = 15_000;

/**
 * The index of one device, kept up to date in the background: a search never waits for what has just arrived. Runs in
 * a worker (search-worker.ts), so that none of it touches the screen's thread.
 */
export class DeviceSearch {
  #index: Promise<MessageIndex>;
  /** Conversations of which much was replaced, and single messages. */
  #replaced = new Set<SessionId>();
  #changed = new Set<MessageId>();
  #refresh: ReturnType<typeof setTimeout> | null = null;
  #store: ReturnType<typeof setTimeout> | null = null;
  #off: () => void;

  constructor(
    private readonly db: LocalDb,
    /** Something was found, or lost, that an earlier search could not know of. */
    private readonly onChange: () => void,
  ) {
    // Listening begins first: what changes while everything is being read is read again.
    this.#off = db.subscribeAll((topics) => {
      for (const topic of topics) {
        if (topic.startsWith('copy:')) this.#replaced.add(topic.slice('copy:'.length) as SessionId);
        // What stands behind the colon is what the topic's type says.
        else if (topic.startsWith('message:')) this.#changed.add(topic.slice('message:'.length) as MessageId);
      }
      if (this.#replaced.size + this.#changed.size === 0) return;
      this.#refresh ??= setTimeout(() => void this.#update().catch(() => {}), REFRESH_AFTER_MS);
    });
    this.#index = this.#open();
  }

  async search(query: string, limit: number): Promise<MessageId[]> {
    return (await this.#index).search(query, limit);
  }

  close(): void {
    this.#off();
    if (this.#refresh) clearTimeout(this.#refresh);
    if (this.#store) clearTimeout(this.#store);
  }

  async #open(): Promise<MessageIndex> {
    const index = MessageIndex.fromStored(await this.db.search.index());
    if (index.replace(await this.db.search.messages())) this.#storeLater();
    return index;
  }

  async #update(): Promise<void> {
    this.#refresh = null;
    const index = await this.#index;
    let hasChanged = false;
    for (const sessionId of [...this.#replaced]) {
      this.#replaced.delete(sessionId);
      if (index.replace(await this.db.search.messages(sessionId), sessionId)) hasChanged = true;
    }
    for (const id of [...this.#changed]) {
      this.#changed.delete(id);
      const row = await this.db.getMessage(id);
      const isSaid = row !== null && row.deletedAt === null && row.content !== '';
      if (isSaid ? index.put(row) : index.remove(id)) hasChanged = true;
    }
    if (!hasChanged) return;
    this.#storeLater();
    this.onChange();
  }

  #storeLater(): void {
    this.#store ??= setTimeout(() => {
      this.#store = null;
      // No room for it: it is made anew next time.
      this.#index.then((index) => this.db.search.saveIndex(index.toStored())).catch(() => {});
    }, STORE_AFTER_MS);
  }
}
