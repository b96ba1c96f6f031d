import type { Changes, Topic } from './changes.ts';
import type { Handle } from './handle.ts';
import type { RowParser } from './row-parser.ts';
import { Draft, type DraftPlace, ThreadDraft } from './rows.ts';
import type { WriteTransaction } from './schema.ts';

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

  /**
   * Kept also when it is empty: that it was emptied is newer than another device's old text.
   * @returns when it was written, in the order of what is known here; null when it stands here already
   */
  async save({ sessionId, threadRoot }: DraftPlace, content: string, now: string): Promise<string | null> {
    if (!threadRoot) {
      const at = await this.handle.run(async (idb) => {
        const tx = idb.transaction('drafts', 'readwrite');
        const held = Draft.safeParse(await tx.store.get(sessionId)).data;
        const later = laterThan(held, now);
        const isNews = (held?.content ?? '') !== content;
        if (isNews) await tx.store.put({ sessionId, content, at: later });
        await tx.done;
        return isNews ? later : null;
      });
      if (at !== null) this.changes.announce(['sessions', `draft:${sessionId}`]);
      return at;
    }
    // Of a thread no other device is told.
    await this.handle.run(async (idb) => {
      if (content === '') await idb.delete('threadDrafts', threadRoot);
      else await idb.put('threadDrafts', { sessionId, threadRoot, content, at: now });
    });
    this.changes.announce([`draft:${threadRoot}`]);
    return now;
  }
}

/**
 * Its words are a message from this transaction on, and stand nowhere else.
 * @returns when it ended, for one's other devices; null when they have nothing to be told
 */
export async function endDraft(
  tx: WriteTransaction,
  touched: Set<Topic>,
  { sessionId, threadRoot }: DraftPlace,
  now: string,
): Promise<string | null> {
  if (threadRoot) {
    await tx.objectStore('threadDrafts').delete(threadRoot);
    touched.add(`draft:${threadRoot}`);
    return null;
  }
  const held = Draft.safeParse(await tx.objectStore('drafts').get(sessionId)).data;
  if (!held || held.content === '') return null;
  const at = laterThan(held, now);
  await tx.objectStore('drafts').put({ sessionId, content: '', at });
  touched.add('sessions').add(`draft:${sessionId}`);
  return at;
}

/** A clock that is slow, or was set back, makes nothing that was written here older than what it was written over. */
function laterThan(held: Draft | undefined, now: string): string {
  return held && held.at >= now ? new Date(Date.parse(held.at) + 1).toISOString() : now;
}
