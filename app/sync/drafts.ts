import type { z } from 'zod';
import { MessageId, type SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { storable } from '../../protocol/text.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { Draft, type DraftPlace } from '../local-db/rows.ts';

const TOLD_AFTER_MS = 1_500;

/** What is typed and not sent: on this device at once, on one's others once the typing pauses. */
export class Drafts {
  #waiting = new Map<SessionId, ReturnType<typeof setTimeout>>();
  #saving: Promise<void> = Promise.resolve();
  /** How often what was written in a place became a message. */
  #ended = new Map<string, number>();

  constructor(
    private readonly db: LocalDb,
    private readonly tell: (draft: { sessionId: SessionId; content: string; at: string }) => Promise<unknown>,
  ) {}

  /** One after the other: what was typed is not to be stored after that it was sent. */
  save(place: DraftPlace, content: string): Promise<void> {
    const key = keyOf(place);
    const ended = this.#ended.get(key);
    const saved = this.#saving.then(async () => {
      if (this.#ended.get(key) === ended) await this.#save(place, storable(content));
    });
    this.#saving = saved.catch(() => {});
    return saved;
  }

  /** What was typed up to now is about to be stored as a message, and is not to be stored as a draft behind that. */
  end(place: DraftPlace): void {
    const key = keyOf(place);
    this.#ended.set(key, (this.#ended.get(key) ?? 0) + 1);
    if (!place.threadRoot) clearTimeout(this.#waiting.get(place.sessionId));
  }

  async #save(place: DraftPlace, content: string): Promise<void> {
    const now = new Date().toISOString();
    const { sessionId, threadRoot = null } = place;
    const at = await this.db.drafts.save(place, content, now).catch((error) => {
      keepInTab(this.db.storage, { sessionId, threadRoot, content, at: now });
      throw error;
    });
    // It stands there already; and of a thread nobody else is told.
    if (at === null || threadRoot) return;
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

  /** What an earlier page stored, and may have gone away before it told anybody. */
  tellAgain(drafts: readonly Draft[]): void {
    for (const draft of drafts) if (!this.#waiting.has(draft.sessionId)) this.tell(draft).catch(() => {});
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

const keyOf = ({ sessionId, threadRoot }: DraftPlace) => threadRoot ?? sessionId;

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
