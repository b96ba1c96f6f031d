import type { Changes } from './changes.ts';
import type { Handle } from './handle.ts';
import type { RowParser } from './row-parser.ts';
import { Draft, type DraftPlace, ThreadDraft } from './rows.ts';

/** What is being written and not sent, in each conversation and in each thread. */
export class DraftRows {
  constructor(
    private readonly handle: Handle,
    private readonly parser: RowParser,
    private readonly changes: Changes,
  ) {}

  async get({ sessionId, threadRoot }: DraftPlace): Promise<string> {
    if (!threadRoot) {
      const row = await this.handle.run((idb) => idb.get('drafts', sessionId));
      return this.parser.one('drafts', Draft, row)?.content ?? '';
    }
    const row = await this.handle.run((idb) => idb.get('threadDrafts', threadRoot));
    return this.parser.one('threadDrafts', ThreadDraft, row)?.content ?? '';
  }

  /** Kept also when it is empty: that it was emptied is newer than another device's old text. */
  async save({ sessionId, threadRoot }: DraftPlace, content: string, at: string): Promise<void> {
    if (!threadRoot) {
      await this.handle.run((idb) => idb.put('drafts', { sessionId, content, at }));
      this.changes.announce(['sessions', `draft:${sessionId}`]);
      return;
    }
    // Of a thread no other device is told.
    await this.handle.run(async (idb) => {
      if (content === '') await idb.delete('threadDrafts', threadRoot);
      else await idb.put('threadDrafts', { sessionId, threadRoot, content, at });
    });
    this.changes.announce([`draft:${threadRoot}`]);
  }
}
