import { ChatError, type Failure } from '../../protocol/errors.ts';
import { type MessageId, type MutationId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { isCounted, isSend, type OutboxMutation, type OutboxOp } from '../../protocol/outbox.ts';
import { type Input, inputs } from '../../protocol/procedures.ts';
import type { ChatMessage, Me } from '../../protocol/shapes.ts';
import { applyOptimistically, type Shown, takeBack } from '../local-db/effects.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { oweRestore } from '../local-db/owed-restores.ts';
import { MessageRow, type OutboxEntry } from '../local-db/rows.ts';
import { readReply, settleDone, settleFailed, settleForgotten, settleReused } from './acknowledge.ts';
import { backoff } from './backoff.ts';
import { idOf, isKnown, isMaking, mayHaveArrived, messageOf, supersede } from './entries.ts';
import type { Exclusive } from './exclusive.ts';
import { journalAttempt, journalProblem } from './journal.ts';
import { NotStored } from './not-stored.ts';

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
  /** A change other than a message was refused or given up: what it was about is to be shown as the server has it. */
  onRefused(): void;
  /** A message as the server has it. Fails when it has none that this account may see. */
  storedMessage(id: MessageId): Promise<ChatMessage>;
  /** Messages that must not go yet, for a file of theirs is not on the server. */
  waitsForFiles?(): Promise<ReadonlySet<MessageId>>;
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
    const parsed = inputs[op].parse({ mutationId, ...input });
    const sessionId = await this.#sessionOf(parsed);
    const at = new Date().toISOString();
    try {
      await db.write('strict', async (tx, touched) => {
        const store = tx.objectStore('outbox');
        let merged: unknown = parsed;
        for (const earlier of isCounted(op) ? [] : await db.listEntries(tx)) {
          if (earlier.op !== op || earlier.sessionId !== sessionId) continue;
          if (messageOf(earlier.input) !== messageOf(merged)) continue;
          merged = supersede(op, earlier.input, merged);
          await store.delete(earlier.position);
        }
        const entry = {
          mutationId,
          op,
          input: merged,
          sessionId,
          state: 'queued',
          error: null,
          attempts: 0,
          lastAttemptAt: null,
          createdAt: at,
        };
        const position = await store.add(entry);
        await applyOptimistically(db.effects(tx, touched), me(), {
          op,
          input: merged,
          mutationId,
          position,
          at,
          ...shown,
        });
        touched.add('outbox').add('sessions');
      });
    } catch (error) {
      throw NotStored.because(error, db);
    }
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
    this.#draining = this.options
      .exclusive(`${this.options.db.storage}:outbox`, async () => {
        do {
          this.#again = false;
          while (!this.#closed && (await this.#pushNext())) {
            // One batch after the other.
          }
        } while (this.#again && this.#timer === null);
      })
      .catch(() => this.#later(null))
      .finally(() => {
        this.#draining = null;
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
    await this.#change(mutationId, (entry) => ({ ...entry, state: 'queued', error: null }));
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
   * though no answer came, is deleted there too.
   */
  async discard(mutationId: MutationId): Promise<void> {
    const { db, onRefused } = this.options;
    const discarded = await this.#between(() =>
      db.write('strict', async (tx, touched) => {
        const entry = (await db.listEntries(tx)).find((one) => one.mutationId === mutationId);
        if (!entry) return null;
        await tx.objectStore('outbox').delete(entry.position);
        const id = idOf(entry);
        if (isSend(entry.op) && id) {
          await tx.objectStore('messages').delete(id);
          touched.add(`message:${id}`);
          await takeBack(db.effects(tx, touched), id);
          await tx.objectStore('messages').delete(id);
        }
        if (entry.op === 'session.create' && entry.sessionId)
          await tx.objectStore('sessions').delete(entry.sessionId);
        // Nothing is left behind by what was only made here.
        if (!isSend(entry.op) && !isMaking(entry.op)) await oweRestore(tx, entry);
        if (entry.op === 'project.create' && id) await tx.objectStore('projects').delete(id);
        if (entry.op === 'memory.add' && id) await tx.objectStore('memories').delete(id);
        touched.add('outbox').add('sessions').add('projects').add('memories');
        if (entry.sessionId) touched.add(`messages:${entry.sessionId}`);
        return entry;
      }),
    );
    if (!discarded) return;
    const messageId = idOf(discarded);
    if (!isSend(discarded.op)) onRefused();
    else if (mayHaveArrived(discarded) && messageId)
      await this.enqueue('message.delete', { messageId, undo: true });
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
      if (!mayHaveArrived(entry)) {
        const input = { ...(entry.input as object), content }; // a stored send's input is an object
        await this.#change(mutationId, (one) => ({ ...one, state: 'queued', error: null, input }), content);
      }
      return entry;
    });
    const messageId = edited ? idOf(edited) : null;
    if (edited && mayHaveArrived(edited) && messageId)
      await this.enqueue('message.edit', { messageId, content });
    void this.drain();
    return edited !== null;
  }

  /** Shows again what waits here, where its row on this device was lost. */
  async showAgain(): Promise<void> {
    const { db, me } = this.options;
    await db.write('relaxed', async (tx, touched) => {
      for (const { op, input, mutationId, position, createdAt, state, error } of await db.listEntries(tx)) {
        const send = op === 'message.send' ? inputs[op].safeParse(input) : null;
        if (!send?.success || (await tx.objectStore('messages').getKey(send.data.id)) !== undefined) continue;
        const effects = db.effects(tx, touched);
        const queued = { op: 'message.send', input, mutationId, position, at: createdAt } as const;
        await applyOptimistically(effects, me(), queued);
        const row = await effects.message(send.data.id);
        if (row) await effects.putMessage({ ...row, local: { mutationId, state, error } });
      }
    });
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

  /** Between two pushes: nothing is under way while this runs. */
  async #between<T>(work: () => Promise<T>): Promise<T> {
    const { exclusive, db } = this.options;
    return new Promise<T>((resolve, reject) => {
      exclusive(`${db.storage}:outbox`, () => work().then(resolve, reject)).catch(reject);
    });
  }

  /** The next entries, each marked as tried before it leaves: from then on nobody knows whether it arrived. */
  async #nextBatch(): Promise<OutboxEntry[]> {
    const { db } = this.options;
    const without = (await this.options.waitsForFiles?.()) ?? new Set<MessageId>();
    const ready = (entries: readonly OutboxEntry[]) =>
      inOrder(
        entries.filter((entry) => entry.state === 'queued' && isKnown(entry.op)),
        without,
      );
    if (ready(await db.listOutbox()).length === 0) return [];
    return db.write('relaxed', async (tx) => {
      // On a network that loses long requests, shorter ones get through.
      const most = Math.max(1, limits.outboxPushMutations >> this.#failures);
      const waiting = ready(await db.listEntries(tx)).slice(0, most);
      const lastAttemptAt = new Date().toISOString();
      const batch = waiting.map((entry) => ({ ...entry, attempts: entry.attempts + 1, lastAttemptAt }));
      for (const entry of batch) {
        await tx.objectStore('outbox').put(entry);
        await journalAttempt(tx, entry);
      }
      return batch;
    });
  }

  async #pushNext(): Promise<boolean> {
    const { db, push, failureOf, onSignedOut, onRefused } = this.options;
    const batch = await this.#nextBatch();
    if (batch.length === 0) {
      this.#failures = 0;
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
        await journalProblem(db, batch, failure?.message ?? null);
        this.#later(failure);
      }
      return false;
    }
    let retryable: Failure | null = null;
    let settled = 0;
    for (const entry of batch) {
      const result = results.get(entry.mutationId);
      if (result?.ok) await settleDone(db, entry, result.result);
      else if (result && !result.error.retryable) {
        // Nobody is to decide anything about a mark that came too late, nor about what is gone already.
        const isGone = entry.op === 'message.delete' && result.error.reason === 'NOT_FOUND';
        if (isGone || !isCounted(entry.op)) await settleForgotten(db, entry);
        else if (result.error.reason === 'ID_REUSED') {
          const unsure = await this.#settleReused(entry, result.error);
          if (unsure) {
            retryable = unsure;
            continue;
          }
        } else await settleFailed(db, entry, result.error);
        if (!isSend(entry.op)) onRefused();
      } else {
        retryable =
          result?.error ??
          new ChatError('UNAVAILABLE', 'The server did not answer for this one.').toFailure();
        continue;
      }
      settled += 1;
    }
    if (retryable) this.#later(retryable);
    if (settled > 0 && !retryable) this.#failures = 0;
    return retryable === null;
  }

  /**
   * The server holds this id with another text. When that is this very message, sent before its words were changed
   * here and acknowledged to nobody, the change becomes an edit of it; anything else is for the person to decide.
   * @returns why it could not be found out now; null once it is settled
   */
  async #settleReused(entry: OutboxEntry, error: Failure): Promise<Failure | null> {
    const { db, me, storedMessage, failureOf } = this.options;
    const id = entry.op === 'message.send' ? idOf(entry) : null;
    let stored: ChatMessage | null = null;
    try {
      stored = id ? await storedMessage(id) : null;
    } catch (cause) {
      const failure = failureOf(cause);
      if (!failure || failure.retryable || failure.reason === 'UNAUTHENTICATED')
        return new ChatError('UNAVAILABLE', 'The server did not answer for this one.').toFailure();
    }
    const isOurs = stored?.userId === me().id && stored.sessionId === entry.sessionId;
    if (stored && isOurs) await settleReused(db, entry, stored);
    else await settleFailed(db, entry, error);
    this.#again = true;
    return null;
  }

  #later(failure: Failure | null): void {
    if (this.#closed) return;
    this.#failures += 1;
    const pause = Math.max(failure?.retryAfterMs ?? 0, backoff(this.#failures, this.options.random));
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.drain(), pause);
  }

  async #change(
    mutationId: MutationId,
    change: (entry: OutboxEntry) => OutboxEntry,
    content?: string,
  ): Promise<boolean> {
    const { db } = this.options;
    return db.write('strict', async (tx, touched) => {
      const entry = (await db.listEntries(tx)).find((one) => one.mutationId === mutationId);
      if (!entry) return false;
      await tx.objectStore('outbox').put(change(entry));
      touched.add('outbox').add('sessions');
      const id = idOf(entry);
      if (!isSend(entry.op) || !id) return true;
      const row = MessageRow.safeParse(await tx.objectStore('messages').get(id));
      if (!row.success) return true;
      const local = { mutationId, state: 'queued' as const, error: null };
      await tx.objectStore('messages').put({ ...row.data, content: content ?? row.data.content, local });
      touched.add(`messages:${row.data.sessionId}`).add(`message:${id}`);
      return true;
    });
  }

  /** The conversation that a change belongs to, also when it names only a message. */
  async #sessionOf(input: object): Promise<SessionId | null> {
    // Parsed by its schema a moment ago: these are ids where they are there.
    const { sessionId, messageId, id, sessionType } = input as {
      sessionId?: SessionId;
      messageId?: MessageId;
      id?: SessionId;
      sessionType?: string;
    };
    if (sessionId) return sessionId;
    if (sessionType && id) return id;
    return messageId ? ((await this.options.db.getMessage(messageId))?.sessionId ?? null) : null;
  }
}

/** Without messages whose files are still on their way, and what stands behind them in their conversation (invariant 4). */
function inOrder(entries: readonly OutboxEntry[], without: ReadonlySet<MessageId>): OutboxEntry[] {
  const held = new Set<SessionId>();
  const unsent = new Set<unknown>(without);
  return entries.filter((entry) => {
    const { op, sessionId, input } = entry;
    if (!isCounted(op) || sessionId === null) return true;
    const messageId = isSend(op) ? idOf(entry) : null;
    // What is not sent yet cannot be forwarded yet.
    const waits = unsent.has(messageId) || (op === 'message.forward' && unsent.has(messageOf(input)));
    if (waits) held.add(sessionId);
    if (held.has(sessionId) && messageId) unsent.add(messageId);
    return !held.has(sessionId);
  });
}
