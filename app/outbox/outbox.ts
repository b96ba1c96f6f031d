import { ChatError, type Failure } from '../../protocol/errors.ts';
import { type MessageId, type MutationId, newMutationId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { isSend, type OutboxMutation, type OutboxOp } from '../../protocol/outbox.ts';
import { type Input, inputs } from '../../protocol/procedures.ts';
import type { ChatMessage, Me } from '../../protocol/shapes.ts';
import { storable } from '../../protocol/text.ts';
import { typedInput } from '../../protocol/typed-input.ts';
import type { Shown } from '../local-db/effects.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { OutboxEntry } from '../local-db/rows.ts';
import { readReply, settleFailed } from './acknowledge.ts';
import { addEntry, endWriting } from './add-entry.ts';
import { backoff } from './backoff.ts';
import { putBack, takeOut } from './change-entry.ts';
import { idOf, mayHaveArrived, sessionOf } from './entries.ts';
import type { Exclusive } from './exclusive.ts';
import { journalProblem } from './journal.ts';
import { NotStored } from './not-stored.ts';
import { seldom } from './seldom.ts';
import { settleBatch } from './settle-batch.ts';
import { takeBatch } from './take-batch.ts';
import { Unnoted } from './unnoted.ts';

export interface OutboxOptions {
  db: LocalDb;
  me(): Me;
  /** Sends entries to the server; resolves with whatever came back. */
  push(mutations: OutboxMutation[]): Promise<unknown>;
  /** What the server said of a failed push, if it was the server. */
  failureOf(error: unknown): Failure | null;
  exclusive: Exclusive;
  /** The auth session is gone: nothing is discarded, everything waits (invariant 25). */
  onSignedOut(): void;
  /** What a change was about is to be fetched as the server has it: it was refused, given up, or on top of something newer. */
  onOwed(): void;
  /** A message as the server has it. Fails when it has none that this account may see. */
  storedMessage(id: MessageId): Promise<ChatMessage>;
  /** Messages that must not go yet, for a file of theirs is not on the server. */
  waitsForFiles?(): Promise<ReadonlySet<MessageId>>;
  /** A send was refused for something that is not there. Whether its files go up again, so that it waits for them. */
  bringFilesAgain?(send: OutboxEntry): Promise<boolean>;
  random?: () => number;
}

/**
 * What this device still has to tell the server. One short loop: peek, push, delete on a valid acknowledgement;
 * behind one lock for all tabs and the service worker (invariant 20).
 */
export class Outbox {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  #draining: Promise<void> | null = null;
  #again = false;
  #paused = false;
  #closed = false;
  #unnoted = new Unnoted();

  constructor(private readonly options: OutboxOptions) {}

  /** Stores a change and shows its effect, in one strictly durable transaction. Throws NotStored. */
  async enqueue<O extends OutboxOp>(
    op: O,
    input: Omit<Input<O>, 'mutationId'>,
    shown: Shown = {},
  ): Promise<MutationId> {
    const { db, me } = this.options;
    const mutationId = newMutationId();
    // Refused here, where the person can still see why, rather than by the server later.
    const parsed = inputs[op].parse(typedInput(op, { mutationId, ...input }));
    const sessionId = await sessionOf(db, parsed);
    const at = new Date().toISOString();
    await this.#stored(() =>
      db.write('strict', async (tx, touched) => {
        const change = { mutationId, op, input: parsed, sessionId, at, shown };
        await addEntry(db, me(), tx, touched, change);
        await endWriting(db, me(), tx, touched, change);
      }),
    );
    void this.drain();
    return mutationId;
  }

  /** Sends everything that waits. Safe to call at any time, from anywhere, any number of times. */
  drain(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#closed || this.#paused) return Promise.resolve();
    if (this.#draining) {
      this.#again = true;
      return this.#draining;
    }
    this.#draining = this.#pushAll()
      .catch(() => this.#later(null))
      .finally(() => {
        this.#draining = null;
        // Asked for after the last look, while the lock was being given back.
        if (this.#again && this.#timer === null) void this.drain();
      });
    return this.#draining;
  }

  /** Something is on its way right now. */
  get isSending(): boolean {
    return this.#draining !== null;
  }

  /** Signed in again, as the same account. */
  resume(): void {
    this.#paused = false;
    void this.drain();
  }

  async retry(mutationId: MutationId): Promise<void> {
    await this.#stored(() => putBack(this.options.db, mutationId));
    this.resume();
  }

  async retryAll(): Promise<void> {
    for (const entry of await this.options.db.listOutbox())
      if (entry.state === 'failed') await this.retry(entry.mutationId);
    // And now, whatever the pause.
    this.#failures = 0;
    this.resume();
  }

  /**
   * Gives a queued or refused change up; an unsent message disappears. One that may have reached the server already,
   * though no answer came, is deleted there too. Throws NotStored; then nothing was changed.
   */
  async discard(mutationId: MutationId): Promise<void> {
    const { db, me, onOwed } = this.options;
    const discarded = await this.#between(() =>
      takeOut(db, mutationId, async (tx, touched, entry) => {
        const messageId = isSend(entry.op) && this.#mayHaveArrived(entry) ? idOf(entry) : null;
        if (messageId === null) return;
        const deletion = { mutationId: newMutationId(), messageId, undo: true };
        await addEntry(db, me(), tx, touched, {
          mutationId: deletion.mutationId,
          op: 'message.delete',
          input: deletion,
          sessionId: entry.sessionId,
          at: new Date().toISOString(),
          shown: {},
        });
      }),
    );
    if (!discarded) return;
    if (!isSend(discarded.op)) onOwed();
    void this.drain();
  }

  /**
   * Changes the words of a message that waits or was refused. One that may have reached the server already, though no
   * answer came, is edited there by a change of its own (the same id must not carry two texts, invariant 2).
   * @returns false when it was sent meanwhile: edit it as any other
   */
  async editQueued(mutationId: MutationId, content: string): Promise<boolean> {
    const { db } = this.options;
    const edited = await this.#between(async () => {
      const entry = (await db.listOutbox()).find((one) => one.mutationId === mutationId);
      if (!entry) return null;
      if (!this.#mayHaveArrived(entry)) await putBack(db, mutationId, storable(content));
      return entry;
    });
    const messageId = edited ? idOf(edited) : null;
    if (edited && this.#mayHaveArrived(edited) && messageId)
      await this.enqueue('message.edit', { messageId, content });
    void this.drain();
    return edited !== null;
  }

  /** Shows again what waits here, where its row on this device was lost. Rejects where that part of the page is not here. */
  async showAgain(): Promise<void> {
    const { showWaiting } = await seldom.fetch();
    await showWaiting(this.options.db, this.options.me());
  }

  /** A message that cannot be sent, as was found before it was tried: it stays with its reason (invariant 5). */
  async refuse(messageId: MessageId, failure: Failure): Promise<void> {
    const { db } = this.options;
    const entry = (await db.listOutbox()).find((one) => one.op === 'message.send' && idOf(one) === messageId);
    if (entry) await settleFailed(db, entry, failure);
    void this.drain();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #pushAll(): Promise<void> {
    do {
      this.#again = false;
      while (await this.#alone(async () => !this.#closed && (await this.#pushNext()))) {
        // One batch after the other: whoever else wants to gets a turn between two of them.
      }
    } while (this.#again && this.#timer === null && !this.#paused);
  }

  /** Between two pushes: nothing is under way while this runs. */
  #between<T>(work: () => Promise<T>): Promise<T> {
    return this.#stored(() => this.#alone(work));
  }

  /** Behind the lock, which is held for no more than one push. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const { exclusive, db } = this.options;
    return new Promise<T>((resolve, reject) => {
      exclusive(`${db.storage}:outbox`, () => work().then(resolve, reject)).catch(reject);
    });
  }

  /** What a person asked for and could not be stored has a name that the screen knows. */
  async #stored<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw NotStored.because(error, this.options.db);
    }
  }

  async #pushNext(): Promise<boolean> {
    const { db, push, failureOf, onSignedOut, waitsForFiles } = this.options;
    // On a network that loses long requests, shorter ones get through.
    const most = Math.max(1, limits.outboxPushMutations >> this.#failures);
    const isNoted = await this.#noteAnswers();
    const batch = await takeBatch(db, most, this.#unnoted, await waitsForFiles?.());
    if (batch.length === 0) {
      if (isNoted) this.#failures = 0;
      else this.#later(null);
      return false;
    }
    let results: ReturnType<typeof readReply>;
    try {
      results = readReply(
        await push(batch.map(({ mutationId, op, input }) => ({ mutationId, op, input }))),
        batch,
      );
    } catch (error) {
      const failure = error instanceof ChatError ? error.toFailure() : failureOf(error);
      if (failure?.reason === 'UNAUTHENTICATED') {
        this.#paused = true;
        onSignedOut();
      } else {
        // A help for whoever asks how it left: nothing depends on it.
        await journalProblem(db, batch, failure?.message ?? null).catch(() => {});
        this.#later(failure);
      }
      return false;
    }
    const { count, retryable, hasMore } = await settleBatch(batch, results, this.#unnoted, this.options);
    if (hasMore) this.#again = true;
    if (retryable) this.#later(retryable);
    if (count > 0 && !retryable) this.#failures = 0;
    return retryable === null;
  }

  /** Writes down what was answered while there was no room. @returns whether all of it is */
  async #noteAnswers(): Promise<boolean> {
    const { answers } = this.#unnoted;
    if (answers.size === 0) return true;
    const entries = await this.options.db.listOutbox();
    const held = new Map(entries.map((entry) => [entry.mutationId as string, entry]));
    // Another tab has written it down meanwhile.
    for (const id of [...answers.keys()]) if (!held.has(id)) this.#unnoted.forget(id);
    const answered = entries.filter((entry) => answers.has(entry.mutationId));
    const { hasMore } = await settleBatch(answered, answers, this.#unnoted, this.options);
    if (hasMore) this.#again = true;
    return answers.size === 0;
  }

  /** The server may hold it although no answer was written down. */
  #mayHaveArrived(entry: OutboxEntry): boolean {
    return mayHaveArrived(entry) || (entry.state === 'queued' && this.#unnoted.hasLeft(entry.mutationId));
  }

  #later(failure: Failure | null): void {
    if (this.#closed) return;
    this.#failures += 1;
    const pause = Math.max(failure?.retryAfterMs ?? 0, backoff(this.#failures, this.options.random));
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.drain(), pause);
  }
}
