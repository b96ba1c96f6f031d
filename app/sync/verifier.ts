import type { SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { Verification } from '../../protocol/outputs.ts';
import type { Input } from '../../protocol/procedures.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { makePart } from '../parts/part.ts';
import type { AskedSession } from './describe-copy.ts';

type Asked = Input<'sync.verify'>;

/** Nothing is compared on a first screen. */
const describing = makePart(() => import('./describe-copy.ts'));

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
    // Also where there is nothing to compare yet: a page that has begun wants nothing by itself later on.
    await describing.fetch();
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

  async #describe(sessionId: SessionId, blocksAtMost: number): Promise<AskedSession | null> {
    const { describeCopy } = await describing.fetch();
    return describeCopy(this.db, sessionId, blocksAtMost);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}
