import { setTimeout as pause } from 'node:timers/promises';
import { ChatError } from '../../protocol/errors.ts';
import type { MessageId, SessionId } from '../../protocol/ids.ts';
import type { TurnStatus } from '../../protocol/shapes.ts';
import { type ClaimedTurn, claimTurn, requestStop } from '../store/turn-sql.ts';
import { failureFacts } from './failure.ts';
import { finishTurn, nothingWritten } from './finish-turn.ts';
import { LEASE_MS, Lease } from './lease.ts';
import { recoverTurns } from './recover-turns.ts';
import { type RunOptions, runTurn } from './run-turn.ts';
import { answerLimits } from './write-answer.ts';

export interface TurnRunnerOptions extends Omit<RunOptions, 'limits'> {
  /** Names this process in leases. */
  nodeId: string;
  /** After an answer that stands: follow-ups, a title. Failing is no failure of the answer. */
  afterAnswer?(turn: ClaimedTurn, signal: AbortSignal): Promise<void>;
  limits?: RunOptions['limits'];
  /** Conversations answered at the same time. */
  concurrency?: number;
  checkpointMs?: number;
  sweepMs?: number;
}

interface Running {
  lease: Lease;
  done: Promise<void>;
}

/** How long a stop waits for the node that writes the answer to say that it did. */
const STOPPED_ELSEWHERE_MS = 2_000;

/**
 * Executes turns: an answer is a job, not a request. Asking commits it; a runner with a lease writes it, whoever is or
 * is not watching, and ends it exactly once (invariants 16-18).
 */
export class TurnRunner {
  #running = new Map<string, Running>();
  #claiming: Promise<void> | null = null;
  #again = false;
  #claims = 0;
  #sweep: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> | null = null;
  #closed = new AbortController();
  #afterwards = new Set<Promise<void>>();

  constructor(private readonly options: TurnRunnerOptions) {}

  /** Takes up what waits, also what a dead node left behind; from now on regularly. */
  start(): void {
    const sweep = () => {
      this.#sweeping ??= this.#recover().finally(() => {
        this.#sweeping = null;
      });
    };
    sweep();
    this.#sweep = setInterval(sweep, this.options.sweepMs ?? 3_000).unref();
  }

  /** A turn was committed. Cheap; may be called for nothing. */
  wake(): void {
    if (this.#closed.signal.aborted) return;
    this.#again = true;
    this.#claiming ??= this.#claim().finally(() => {
      this.#claiming = null;
      if (this.#again) this.wake();
    });
  }

  /**
   * Stops a turn wherever it runs, or waits; its text stays. Resolves once it has ended, or when the node that writes it
   * has not said so in time.
   * @returns how the turn stands
   */
  async stop(messageId: MessageId): Promise<TurnStatus> {
    const { database, log } = this.options;
    // Ours ends without a round trip to the database (invariant 17).
    this.#running.get(messageId)?.lease.halt('stop');
    const found = await requestStop(database.pool, messageId);
    const running = this.#running.get(messageId);
    running?.lease.halt('stop');
    await running?.done;
    if (found === 'queued') {
      const { sessionId } = await this.#read(messageId);
      const ref = { messageId, sessionId: sessionId as SessionId }; // written through its schema
      // Not when somebody claimed it meanwhile: whoever did saw the wish, or will at the next checkpoint.
      await finishTurn(log, ref, 'queued', { ...nothingWritten, status: 'stopped' });
      this.wake();
    }
    const giveUpAt = performance.now() + STOPPED_ELSEWHERE_MS;
    for (;;) {
      const { status } = await this.#read(messageId);
      // The column's own values; a turn that waits is shown as one that is being written.
      const shown = status === 'queued' ? 'streaming' : (status as TurnStatus);
      if (shown !== 'streaming' || performance.now() > giveUpAt) return shown;
      await pause(50);
    }
  }

  /** Another node was asked to stop this turn and has written it down. */
  stopAsked(messageId: MessageId): void {
    this.#running.get(messageId)?.lease.halt('stop');
  }

  /** Hands back what has no text yet; what has ends as interrupted, with its text. */
  async close(): Promise<void> {
    this.#closed.abort();
    if (this.#sweep) clearInterval(this.#sweep);
    // Whatever is being claimed right now becomes a run that sees that we close.
    await Promise.all([this.#claiming, this.#sweeping]);
    for (const { lease } of this.#running.values()) lease.halt('hand-back');
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    await Promise.all(this.#afterwards);
  }

  async #claim(): Promise<void> {
    const { database, nodeId, onError, concurrency = 16 } = this.options;
    try {
      while (this.#again) {
        this.#again = false;
        while (!this.#closed.signal.aborted && this.#running.size < concurrency) {
          this.#claims += 1;
          const owner = `${nodeId}/${this.#claims}`;
          const turn = await claimTurn(database.pool, owner, LEASE_MS);
          if (!turn) break;
          this.#begin(turn, owner);
        }
      }
    } catch (error) {
      onError(error); // the sweep comes back to it
    }
  }

  #begin(turn: ClaimedTurn, owner: string): void {
    const { database, onError, checkpointMs = 700, limits = answerLimits } = this.options;
    const lease = new Lease({ database, onError, checkpointMs }, turn, owner);
    const before = this.#running.get(turn.messageId);
    before?.lease.halt('lost');
    const work = async () => {
      // Two runs of one turn must not tell the same devices.
      await before?.done;
      return runTurn({ ...this.options, limits }, lease);
    };
    const done = work()
      .then(
        (stands) => {
          if (stands) this.#follow(turn);
        },
        (error) => onError(error),
      )
      .finally(() => {
        if (this.#running.get(turn.messageId)?.lease === lease) this.#running.delete(turn.messageId);
        this.wake();
      });
    this.#running.set(turn.messageId, { lease, done });
    if (this.#closed.signal.aborted) lease.halt('hand-back');
  }

  /** What comes after an answer holds up neither the next question nor a stop. */
  #follow(turn: ClaimedTurn): void {
    const { afterAnswer, logger } = this.options;
    if (!afterAnswer || this.#closed.signal.aborted) return;
    const task = afterAnswer(turn, this.#closed.signal)
      .catch((error) =>
        logger.warn({ turn: turn.messageId, ...failureFacts(error) }, 'nothing follows the answer'),
      )
      .finally(() => this.#afterwards.delete(task));
    this.#afterwards.add(task);
  }

  async #recover(): Promise<void> {
    const { database, log, onError } = this.options;
    try {
      // After a long pause of this process its own turns look dead too: they say that they live first.
      await Promise.all([...this.#running.values()].map(({ lease }) => lease.keep()));
      await recoverTurns(database, log);
      this.wake();
    } catch (error) {
      onError(error);
    }
  }

  async #read(messageId: MessageId): Promise<{ status: string; sessionId: string }> {
    const turn = await this.options.database.prisma.agentTurn.findUnique({
      where: { messageId },
      select: { status: true, sessionId: true },
    });
    if (!turn) throw new ChatError('NOT_FOUND', 'There is no such answer.');
    return turn;
  }
}
