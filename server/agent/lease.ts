import type { Database } from '../store/database.ts';
import { type ClaimedTurn, checkpointTurn, handBack } from '../store/turn-sql.ts';

/** Why a running turn is to end: somebody stopped it, another runner has it, or this node goes down. */
export type Halt = 'stop' | 'lost' | 'hand-back';

/** How long a claim counts without a sign of life. */
export const LEASE_MS = 10_000;

export interface LeaseOptions {
  database: Database;
  onError(error: unknown): void;
  /** Between two checkpoints; below one second, because a stop asked on another node is seen at a checkpoint. */
  checkpointMs: number;
}

/**
 * One node's hold on one turn. Writes down the text so far again and again, which also renews the hold, and learns in
 * doing so whether the turn is still ours (invariants 16-18). `owner` names this very claim, not the node: a turn that a
 * stalled node lost and claimed anew is not held by its old run as well.
 */
export class Lease {
  readonly halted = new AbortController();
  /** Set for good once this node goes down, whatever halted the turn first. */
  isClosing = false;
  #text = '';
  #timer: NodeJS.Timeout;
  #writing: Promise<void> | null = null;

  constructor(
    private readonly options: LeaseOptions,
    readonly turn: ClaimedTurn,
    readonly owner: string,
  ) {
    this.#timer = setInterval(() => void this.keep(), options.checkpointMs);
  }

  /** Ends the run; the first reason counts. */
  halt(reason: Halt): void {
    if (reason === 'hand-back') this.isClosing = true;
    if (!this.halted.signal.aborted) this.halted.abort(reason);
  }

  /** Null while the turn goes on. */
  get haltReason(): Halt | null {
    // Only `halt` aborts.
    return this.halted.signal.aborted ? (this.halted.signal.reason as Halt) : null;
  }

  /** The first text is written down at once: from then on nobody begins this answer anew. */
  note(text: string): void {
    const isFirst = this.#text === '';
    this.#text = text;
    if (isFirst) void this.keep();
  }

  /** Renews the hold now. One write at a time; never rejects. */
  keep(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  async #write(): Promise<void> {
    const wasEmpty = this.#text === '';
    await this.#checkpoint();
    // The first text came while nothing was being written down: it waits for no later moment.
    if (wasEmpty && this.#text !== '') await this.#checkpoint();
  }

  /** Stops renewing; resolves once no write of ours is under way. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
  }

  /** Puts the turn back into the queue, if nothing was written yet. Never rejects: what fails here runs out by itself. */
  async handBack(): Promise<void> {
    await handBack(this.options.database.pool, this.owner).catch(this.options.onError);
  }

  async #checkpoint(): Promise<void> {
    const { database, onError } = this.options;
    try {
      const state = await checkpointTurn(
        database.pool,
        this.turn.messageId,
        this.owner,
        this.#text,
        LEASE_MS,
      );
      if (state === 'stop') this.halt('stop');
      if (state === 'lost') this.halt('lost');
    } catch (error) {
      onError(error);
    }
  }
}
