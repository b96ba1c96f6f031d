import type { z } from 'zod';
import { MessageId, type SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { asTyped } from '../../protocol/text.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { Draft, type DraftPlace } from '../local-db/rows.ts';

const TOLD_AFTER_MS = 1_500;

/** What is typed and not sent: on this device at once, on one's others once the typing pauses. */
export class Drafts {
  #waiting = new Map<SessionId, ReturnType<typeof setTimeout>>();
  #saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: LocalDb,
    private readonly tell: (draft: { sessionId: SessionId; content: string; at: string }) => Promise<unknown>,
  ) {}

  /** One after the other: what was typed is not to be stored after that it was sent. */
  save(place: DraftPlace, content: string): Promise<void> {
    const saved = this.#saving.then(() => this.#save(place, asTyped(content)));
    this.#saving = saved.catch(() => {});
    return saved;
  }

  async #save(place: DraftPlace, content: string): Promise<void> {
    const at = new Date().toISOString();
    const { sessionId, threadRoot = null } = place;
    try {
      if ((await this.db.drafts.get(place)) === content) return;
      await this.db.drafts.save(place, content, at);
    } catch (error) {
      keepInTab(this.db.storage, { sessionId, threadRoot, content, at });
      throw error;
    }
    // Of a thread nobody else is told.
    if (threadRoot) return;
    clearTimeout(this.#waiting.get(sessionId));
    // Too long for a message: it stays here, where it can be shortened.
    if (content.length > limits.messageLength) return;
    const tell = () => {
      this.#waiting.delete(sessionId);
      this.tell({ sessionId, content, at }).catch(() => {
        // It is told with the next change.
      });
    };
    this.#waiting.set(sessionId, setTimeout(tell, content === '' ? 0 : TOLD_AFTER_MS));
  }

  /** What this tab could not store before it was loaded again, as under a newer version of the copy. */
  async recover(): Promise<void> {
    const draft = takeFromTab(this.db.storage);
    if (draft) await this.save(draft, draft.content);
  }

  forget(): void {
    takeFromTab(this.db.storage);
  }

  close(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}

/** Survives a reload of this tab, and nothing else. */
const SPARE = 'j-star-chat:spare-draft:';
const SpareDraft = Draft.extend({ threadRoot: MessageId.nullable().default(null) });
type SpareDraft = z.infer<typeof SpareDraft>;

function keepInTab(storage: string, draft: SpareDraft): void {
  try {
    sessionStorage.setItem(SPARE + storage, JSON.stringify(draft));
  } catch {
    // It is still in the composer.
  }
}

function takeFromTab(storage: string): SpareDraft | null {
  try {
    const kept = sessionStorage.getItem(SPARE + storage);
    if (kept === null) return null;
    sessionStorage.removeItem(SPARE + storage);
    return SpareDraft.safeParse(JSON.parse(kept)).data ?? null;
  } catch {
    return null;
  }
}
