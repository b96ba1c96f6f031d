import type { SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { LocalDb } from '../local-db/local-db.ts';

const TOLD_AFTER_MS = 1_500;

/** What is typed and not sent: on this device at once, on one's others once the typing pauses. */
export class Drafts {
  #waiting = new Map<SessionId, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly db: LocalDb,
    private readonly tell: (draft: { sessionId: SessionId; content: string; at: string }) => Promise<unknown>,
  ) {}

  async save(sessionId: SessionId, content: string): Promise<void> {
    if ((await this.db.getDraft(sessionId)) === content) return;
    const at = new Date().toISOString();
    await this.db.saveDraft(sessionId, content, at);
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

  close(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
