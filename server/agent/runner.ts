import type { Logger } from 'pino';
import { AGENT_ID, type MessageId, type SessionId } from '../../protocol/ids.ts';
import type { TurnStatus } from '../../protocol/shapes.ts';
import type { Log } from '../log/log.ts';
import type { Hub } from '../realtime/hub.ts';
import type { Database } from '../store/database.ts';
import {
  type ClaimedTurn,
  checkpointTurn,
  claimTurn,
  handBack,
  releaseExpired,
  requestStop,
} from '../store/turn-sql.ts';
import { Coalescer } from './coalescer.ts';
import { readContext } from './context.ts';
import { finishTurn } from './finish-turn.ts';
import type { Provider } from './providers/provider.ts';
import { type AnswerLimits, writeAnswer } from './write-answer.ts';

export interface TurnRunnerOptions {
  database: Database;
  log: Log;
  hub: Hub;
  provider: Provider;
  /** Names this process in leases. */
  nodeId: string;
  logger: Logger;
  onError(error: unknown): void;
  /** After an answer that stands: follow-ups, a title. Its failures are its own. */
  afterAnswer?(turn: ClaimedTurn): Promise<void>;
  limits?: AnswerLimits;
  /** Conversations answered at the same time. */
  concurrency?: number;
  checkpointMs?: number;
  sweepMs?: number;
}

const LEASE_MS = 10_000;

/**
 * Executes turns: an answer is a job, not a request. Asking commits it; a runner with a lease writes it, whoever is or
 * is not watching, and ends it exactly once (invariants 16-18).
 */
export class TurnRunner {
  #running = new Map<string, { stop: AbortController; done: Promise<void> }>();
  #claiming = false;
  #again = false;
  #closed = false;
  #sweep: NodeJS.Timeout | null = null;

  constructor(private readonly options: TurnRunnerOptions) {}

  /** Takes up what waits, also what a dead node left behind; from now on regularly. */
  start(): void {
    void this.#recover();
    this.#sweep = setInterval(() => void this.#recover(), this.options.sweepMs ?? 3_000).unref();
  }

  /** A turn was committed. Cheap; may be called for nothing. */
  wake(): void {
    if (this.#claiming) this.#again = true;
    else void this.#claim();
  }

  /** Stops a turn wherever it runs; its text stays. @returns how the turn stands */
  async stop(messageId: MessageId): Promise<TurnStatus> {
    const { database, log } = this.options;
    const status = await requestStop(database.pool, messageId);
    const running = this.#running.get(messageId);
    if (running) {
      running.stop.abort();
      await running.done;
    } else if (status === 'queued') {
      const row = await database.prisma.agentTurn.findUniqueOrThrow({ where: { messageId } });
      // Written through its schema.
      await finishTurn(
        log,
        { messageId, sessionId: row.sessionId as SessionId },
        { ...NOTHING, status: 'stopped' },
        null,
      );
    }
    const turn = await database.prisma.agentTurn.findUniqueOrThrow({ where: { messageId } });
    // On another node it ends within a second; what was asked is told.
    return turn.status === 'streaming' || turn.status === 'queued' ? 'stopped' : (turn.status as TurnStatus); // the column's own values
  }

  /** Hands back what has no text yet; what has is marked interrupted with its text. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#sweep) clearInterval(this.#sweep);
    for (const { stop } of this.#running.values()) stop.abort(HANDED_BACK);
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    await handBack(this.options.database.pool, this.options.nodeId);
  }

  async #claim(): Promise<void> {
    const { database, nodeId, onError, concurrency = 16 } = this.options;
    this.#claiming = true;
    try {
      do {
        this.#again = false;
        while (!this.#closed && this.#running.size < concurrency) {
          const turn = await claimTurn(database.pool, nodeId, LEASE_MS);
          if (!turn) break;
          const stop = new AbortController();
          const done = this.#run(turn, stop)
            .catch(onError)
            .finally(() => {
              this.#running.delete(turn.messageId);
              this.wake();
            });
          this.#running.set(turn.messageId, { stop, done });
        }
      } while (this.#again);
    } catch (error) {
      onError(error);
    } finally {
      this.#claiming = false;
    }
  }

  async #run(turn: ClaimedTurn, stop: AbortController): Promise<void> {
    const { database, log, hub, provider, nodeId, onError, logger } = this.options;
    // Written through their schemas.
    const ref = { messageId: turn.messageId as MessageId, sessionId: turn.sessionId as SessionId };
    log
      .mark({
        sessionId: turn.sessionId,
        userId: AGENT_ID,
        deliveredSeq: turn.questionSeq,
        readSeq: turn.questionSeq,
      })
      .catch(onError);
    const coalescer = new Coalescer((piece) => hub.extendAnswer(ref.sessionId, ref.messageId, piece));
    let text = '';
    const checkpoint = setInterval(async () => {
      const state = await checkpointTurn(database.pool, turn.messageId, nodeId, text, LEASE_MS).catch(
        onError,
      );
      if (state === 'stop' || state === 'lost') stop.abort();
    }, this.options.checkpointMs ?? 800);
    try {
      const context = await readContext(database, turn);
      const [speaker] = provider.chain;
      const limits = this.options.limits ?? { idleMs: 30_000, totalMs: 300_000 };
      const answer = await writeAnswer(speaker, context, stop.signal, limits, (piece) => {
        text += piece;
        coalescer.add(piece);
      });
      coalescer.flush();
      clearInterval(checkpoint);
      if (stop.signal.reason === HANDED_BACK) {
        if (text === '') return;
        answer.status = 'interrupted';
        answer.error = 'The server was restarted while this was being written. Ask for the rest.';
      }
      const ended = await finishTurn(log, ref, { ...answer, contextUsed: context.used }, nodeId);
      const { status, aiResponseTime, timeToFirstTokenMs, completionTokens } = answer;
      logger.info(
        { turn: turn.messageId, status, aiResponseTime, timeToFirstTokenMs, completionTokens },
        'turn ended',
      );
      if (ended && status === 'done') await this.options.afterAnswer?.(turn).catch(onError);
    } catch (error) {
      onError(error);
      const sentence = 'Something went wrong on our side while this was being written. Try again.';
      await finishTurn(log, ref, { ...NOTHING, content: text, status: 'failed', error: sentence }, nodeId);
    } finally {
      clearInterval(checkpoint);
      coalescer.flush();
    }
  }

  async #recover(): Promise<void> {
    const { database, log, onError } = this.options;
    try {
      for (const { messageId, sessionId, checkpoint } of await releaseExpired(database.pool)) {
        const error = 'The server stopped while this was being written. Ask for the rest.';
        const ref = { messageId: messageId as MessageId, sessionId: sessionId as SessionId };
        await finishTurn(log, ref, { ...NOTHING, content: checkpoint, status: 'interrupted', error }, null);
      }
      this.wake();
    } catch (error) {
      onError(error);
    }
  }
}

const HANDED_BACK = new Error('handed back');

const NOTHING = {
  content: '',
  model: null,
  provider: null,
  promptTokens: null,
  completionTokens: null,
  timeToFirstTokenMs: null,
  aiResponseTime: null,
  contextUsed: null,
  error: null,
};
