import { createHash } from 'node:crypto';
import { ChatError } from '../../protocol/errors.ts';
import { AGENT_ID, type MessageId, newMessageId, type SessionId } from '../../protocol/ids.ts';
import {
  type AppendedMark,
  type AppendedSend,
  appendMarks,
  appendSends,
  type MarkRow,
  type SendRow,
} from '../store/append-sql.ts';
import type { Database } from '../store/database.ts';
import { lockHead } from '../store/head-sql.ts';
import { asUnavailable } from '../unavailable.ts';
import { Change } from './change.ts';
import type { LogEntry, OnCommitted } from './log-entry.ts';
import { receiptsOf } from './receipt-entries.ts';
import { takeBatch } from './take-batch.ts';

export interface SendOutcome {
  outcome: Exclude<AppendedSend['outcome'], 'answer'>;
  seq: number;
  createdAt: Date;
  /** The answer's message id when this message asked Agent Jay. */
  answerId: MessageId | null;
}

export type Job =
  | {
      kind: 'send';
      row: SendRow;
      alone?: boolean;
      resolve(outcome: SendOutcome): void;
      reject(error: unknown): void;
    }
  | {
      kind: 'mark';
      row: MarkRow;
      alone?: boolean;
      resolve(outcome: AppendedMark): void;
      reject(error: unknown): void;
    }
  | { kind: 'change'; alone?: boolean; run(): Promise<void>; reject(error: unknown): void };

export interface LogStats {
  queued: number;
  batches: number;
  sends: number;
  marks: number;
  changes: number;
}

/** Hooks are called in this order for each batch. */
export interface LogObserver {
  committing?(kind: Job['kind']): void;
  /** It stands; nobody was told. */
  committed?(kind: Job['kind']): void;
  /** Handed on; whoever wrote was not told. */
  published?(kind: Job['kind']): void;
  batchCommitted?(kind: Job['kind'], size: number, seconds: number): void;
}

export interface LogLimits {
  /** Writes that wait; more are told to come back. */
  queueAtMost: number;
}

const QUEUE_AT_MOST = 20_000;
const BATCH_AT_MOST = 500;

/**
 * The one way to write. Appends wait in one queue; while a batch commits, the next one gathers, so that many writes
 * share one commit. Entries are published strictly after their commit, in order of `pos` (invariants 3 and 6).
 */
export class Log {
  readonly stats: LogStats = { queued: 0, batches: 0, sends: 0, marks: 0, changes: 0 };
  #queue: Job[] = [];
  #working = false;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly onCommitted: OnCommitted,
    private readonly onAsked: () => void,
    private readonly observer: LogObserver = {},
    private readonly limits: LogLimits = { queueAtMost: QUEUE_AT_MOST },
  ) {}

  /** Appends a message; see `append_sends` for the outcomes. Rejects with UNAVAILABLE when the queue is full. */
  send(row: Omit<SendRow, 'answerId'>): Promise<SendOutcome> {
    return new Promise((resolve, reject) => {
      this.#add({ kind: 'send', row: { ...row, answerId: newMessageId() }, resolve, reject });
    });
  }

  /** Moves receipt marks forward. */
  mark(row: MarkRow): Promise<AppendedMark> {
    return new Promise((resolve, reject) => this.#add({ kind: 'mark', row, resolve, reject }));
  }

  /** Runs a verb alone under the log's head: its reads are exact, its writes and events commit together. */
  change<T>(verb: (change: Change) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = async () => {
        const committed = await this.#inTransaction(verb);
        this.observer.committed?.('change');
        this.#publish(committed.change.entries);
        this.observer.published?.('change');
        if (committed.change.turnAsked) this.onAsked();
        resolve(committed.value);
      };
      this.#add({ kind: 'change', run, reject });
    });
  }

  /** Waits for what is queued, then takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#working || this.#queue.length > 0)
      await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #add(job: Job): void {
    if (this.#closed) {
      job.reject(
        new ChatError(
          'UNAVAILABLE',
          'The server is restarting. Your message is kept and will be sent again.',
        ),
      );
      return;
    }
    if (this.#queue.length >= this.limits.queueAtMost) {
      job.reject(
        new ChatError('UNAVAILABLE', 'The server is very busy right now. Try again in a moment.', {
          retryAfterMs: 1000,
        }),
      );
      return;
    }
    this.#queue.push(job);
    this.stats.queued = this.#queue.length;
    if (!this.#working) {
      this.#working = true;
      // Writes that arrive within the same turn of the event loop join the first batch.
      setImmediate(() => void this.#work());
    }
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = takeBatch(this.#queue, BATCH_AT_MOST);
      this.stats.queued = this.#queue.length;
      const started = performance.now();
      const first = batch[0];
      try {
        if (first?.kind === 'send') await this.#sends(batch.filter((job) => job.kind === 'send'));
        else if (first?.kind === 'mark') await this.#marks(batch.filter((job) => job.kind === 'mark'));
        else if (first?.kind === 'change') await first.run();
      } catch (error) {
        const known = asUnavailable(error);
        // Only the write at fault fails: the others get a statement each.
        if (batch.length > 1 && !(known instanceof ChatError)) this.#queue.unshift(...batch.map(alone));
        else for (const job of batch) job.reject(known);
      }
      if (first) this.#count(first.kind, batch.length, (performance.now() - started) / 1000);
    }
    this.#working = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #count(kind: Job['kind'], size: number, seconds: number): void {
    this.stats.batches += 1;
    this.stats[`${kind}s`] += size;
    this.observer.batchCommitted?.(kind, size, seconds);
  }

  async #sends(jobs: Extract<Job, { kind: 'send' }>[]): Promise<void> {
    this.observer.committing?.('send');
    const appended = await appendSends(
      this.database.pool,
      jobs.map((job) => job.row),
      AGENT_ID,
    );
    this.observer.committed?.('send');
    const entries: LogEntry[] = [];
    const answers = new Map<number, MessageId>();
    for (const row of appended) {
      if (row.outcome === 'answer') answers.set(row.ord, row.messageId as MessageId); // minted by `send`
      if (row.pos !== null && row.payload !== null) {
        // The row was judged against a membership of this very session, so the id is one.
        const audience = { sessionId: row.sessionId as SessionId };
        entries.push({ pos: row.pos, type: 'message.created', audience, payload: row.payload });
      }
    }
    // Published before anyone is told that the write stands: the sender's own stream may be first (invariant 12).
    this.#publish(entries);
    this.observer.published?.('send');
    if (answers.size > 0) this.onAsked();
    for (const row of appended) {
      if (row.outcome === 'answer') continue;
      const { outcome } = row;
      jobs[row.ord - 1]?.resolve({
        outcome,
        seq: row.seq ?? 0,
        createdAt: row.createdAt ?? new Date(0),
        answerId: answers.get(row.ord) ?? null,
      });
    }
  }

  async #marks(jobs: Extract<Job, { kind: 'mark' }>[]): Promise<void> {
    this.observer.committing?.('mark');
    const appended = await appendMarks(
      this.database.pool,
      jobs.map((job) => job.row),
    );
    this.observer.committed?.('mark');
    const entries: LogEntry[] = [];
    for (const row of appended) entries.push(...receiptsOf(row));
    this.#publish(entries);
    this.observer.published?.('mark');
    for (const row of appended) jobs[row.ord - 1]?.resolve(row);
  }

  async #inTransaction<T>(verb: (change: Change) => Promise<T>): Promise<{ value: T; change: Change }> {
    return this.database.prisma.$transaction(
      async (tx) => {
        const head = await lockHead(tx);
        const change = new Change(tx, head.pos, head.now);
        const value = await verb(change);
        this.observer.committing?.('change');
        if (change.pos > head.pos) await tx.logHead.update({ where: { id: 1 }, data: { pos: change.pos } });
        return { value, change };
      },
      { timeout: 15_000, maxWait: 10_000 },
    );
  }

  #publish(entries: readonly LogEntry[]): void {
    if (entries.length > 0) this.onCommitted(entries);
  }
}

function alone(job: Job): Job {
  return { ...job, alone: true };
}

/** Digest by which a repeated write is told from a reused id. Key order does not matter. */
export function digestOf(...parts: unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map(sorted)))
    .digest('base64url');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value ?? null;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]));
}
