import { fingerprintOf } from '../../protocol/fingerprint.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { isCounted } from '../../protocol/outbox.ts';
import { Verification } from '../../protocol/outputs.ts';
import type { Input } from '../../protocol/procedures.ts';
import type { LocalDb } from '../local-db/local-db.ts';

type Asked = Input<'sync.verify'>;
type AskedSession = Asked['sessions'][number];

const QUIET_MS = 2_000;
const RECENT_SESSIONS = 20;

/**
 * "Am I complete?" Describes what this device holds by fingerprints of blocks of seqs and lets the server compare: a
 * missing or altered row is mended by the answer to the same request (M2). Only what is at rest is compared.
 */
export class Verifier {
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly db: LocalDb,
    private readonly ask: (asked: Asked) => Promise<unknown>,
  ) {}

  /** After catching up, a moment later: the newest block of each conversation that was used last. */
  checkRecent(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#recent().catch(() => {
        // Offline again, or closed: it is asked after the next catching up.
      });
    }, QUIET_MS);
  }

  async #recent(): Promise<void> {
    const recent = (await this.db.listSessions()).slice(0, RECENT_SESSIONS);
    await this.check(
      recent.map((session) => session.id),
      1,
    );
  }

  /**
   * @param blocksEach how far back, in blocks of `limits.verifyBlockSeqs`; as far as one request reaches unless said
   * @returns how many rows were missing or wrong
   */
  async check(sessionIds: readonly SessionId[], blocksEach: number = limits.verifyBlocks): Promise<number> {
    const sessions: AskedSession[] = [];
    const lastSeqOf = new Map<SessionId, number>();
    let room = limits.verifyBlocks;
    for (const id of sessionIds.slice(0, limits.verifySessions)) {
      const described = await this.#describe(id, Math.min(blocksEach, room));
      if (!described) continue;
      room -= described.blocks.length;
      sessions.push(described);
      lastSeqOf.set(id, described.lastSeq);
      if (room === 0) break;
    }
    if (sessions.length === 0) return 0;
    const verification = Verification.parse(await this.ask({ sessions }));
    return this.db.applyVerification(verification, lastSeqOf);
  }

  /** Resolves whether this conversation was at rest, and so has been compared. */
  async compare(sessionId: SessionId): Promise<boolean> {
    if (!(await this.#describe(sessionId, 1))) return false;
    await this.check([sessionId]);
    return true;
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Null when it is not at rest: something of it waits here, or it is not the server's yet, or no longer mine. */
  async #describe(sessionId: SessionId, blocksAtMost: number): Promise<AskedSession | null> {
    const session = await this.db.getSession(sessionId);
    if (!session || session.left || session.pendingCreate) return null;
    const outbox = await this.db.listOutbox();
    if (outbox.some((entry) => entry.sessionId === sessionId && isCounted(entry.op))) return null;
    const { lastSeq } = session;
    const span = limits.verifyBlockSeqs;
    // Where older messages are not here, the copy begins with the first row held.
    const start = session.hasOlder ? ((await this.db.oldestSeq(sessionId)) ?? lastSeq + 1) : 0;
    const blocks: AskedSession['blocks'] = [];
    for (let first = lastSeq - (lastSeq % span); first + span > start && first >= 0; first -= span) {
      if (blocks.length === blocksAtMost) break;
      const from = Math.max(first, start);
      const to = Math.min(first + span - 1, lastSeq);
      if (from > to) continue;
      blocks.push({
        from,
        to,
        fingerprint: fingerprintOf(await this.db.messagesBetween(sessionId, from, to)),
      });
    }
    return { sessionId, lastSeq, blocks };
  }
}
