import { ChatError, type Failure } from '../../protocol/errors.ts';
import { type MessageId, type MutationId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { type OutboxMutation, type OutboxOp, outboxOps } from '../../protocol/outbox.ts';
import { type Input, inputs } from '../../protocol/procedures.ts';
import type { Me } from '../../protocol/shapes.ts';
import { applyOptimistically } from '../local-db/effects.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { MessageRow, OutboxEntry } from '../local-db/rows.ts';
import { readReply, settleDone, settleFailed } from './acknowledge.ts';
import { backoff } from './backoff.ts';
import type { Exclusive } from './exclusive.ts';

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
  /** A change other than a message was refused: its message is to be shown as the server has it. */
  onRefused(entry: OutboxEntry): void;
  random?: () => number;
}

/** Could not be stored on this device; the text must stay where it was written (invariant 19). */
export class NotStored extends Error {
  constructor(cause: unknown) {
    super(
      'This device could not store your message: its storage is full or closed. Your text is still here.',
      { cause },
    );
  }
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
  async enqueue<O extends OutboxOp>(op: O, input: Omit<Input<O>, 'mutationId'>): Promise<MutationId> {
    const { db, me } = this.options;
    const mutationId = newMutationId();
    // Refused here, where the person can still see why, rather than by the server later.
    const parsed = inputs[op].parse({ mutationId, ...input });
    const sessionId = await this.#sessionOf(parsed);
    const at = new Date().toISOString();
    try {
      await db.write('strict', async (tx, touched) => {
        const store = tx.objectStore('outbox');
        if (op === 'receipt.mark') {
          for (const row of await store.getAll()) {
            const entry = OutboxEntry.safeParse(row);
            if (entry.success && entry.data.op === op && entry.data.sessionId === sessionId)
              await store.delete(entry.data.position);
          }
        }
        const entry = {
          mutationId,
          op,
          input: parsed,
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
          input: parsed,
          mutationId,
          position,
          at,
        });
        touched.add('outbox').add('sessions');
      });
    } catch (error) {
      throw new NotStored(error);
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
  }

  /** Gives a queued or refused change up; an unsent message disappears. */
  async discard(mutationId: MutationId): Promise<void> {
    const { db } = this.options;
    await db.write('strict', async (tx, touched) => {
      const entry = (await db.listEntries(tx)).find((one) => one.mutationId === mutationId);
      if (!entry) return;
      await tx.objectStore('outbox').delete(entry.position);
      const id = (entry.input as { id?: unknown }).id; // parsed by its schema when it was stored
      if (entry.op === 'message.send' && typeof id === 'string') await tx.objectStore('messages').delete(id);
      if (entry.op === 'session.create' && entry.sessionId)
        await tx.objectStore('sessions').delete(entry.sessionId);
      touched.add('outbox').add('sessions');
      if (entry.sessionId) touched.add(`messages:${entry.sessionId}`);
    });
  }

  /** Changes the words of a message that has not left yet. False when it was sent meanwhile: edit it as any other. */
  async editQueued(mutationId: MutationId, content: string): Promise<boolean> {
    let isChanged = false;
    // Behind the drain's lock, so that it is not under way while it changes.
    await this.options.exclusive(`${this.options.db.storage}:outbox`, async () => {
      isChanged = await this.#change(
        mutationId,
        (entry) => ({
          ...entry,
          state: 'queued',
          error: null,
          input: { ...(entry.input as object), content }, // a stored send's input is an object
        }),
        content,
      );
    });
    void this.drain();
    return isChanged;
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #pushNext(): Promise<boolean> {
    const { db, push, failureOf, onSignedOut, onRefused } = this.options;
    const waiting = (await db.listOutbox()).filter((entry) => entry.state === 'queued' && isKnown(entry.op));
    const batch = waiting.slice(0, limits.outboxPushMutations);
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
      } else this.#later(failure);
      return false;
    }
    let retryable: Failure | null = null;
    let settled = 0;
    for (const entry of batch) {
      const result = results.get(entry.mutationId);
      if (result?.ok) await settleDone(db, entry, result.result);
      else if (result && !result.error.retryable) {
        await settleFailed(db, entry, result.error);
        if (entry.op !== 'message.send') onRefused(entry);
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
      const id = (entry.input as { id?: unknown } | null)?.id; // any JSON; an odd one finds no row
      if (entry.op !== 'message.send' || typeof id !== 'string') return true;
      const row = MessageRow.safeParse(await tx.objectStore('messages').get(id));
      if (!row.success) return true;
      const local = { mutationId, state: 'queued' as const, error: null };
      await tx.objectStore('messages').put({ ...row.data, content: content ?? row.data.content, local });
      touched.add(`messages:${row.data.sessionId}`);
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

function isKnown(op: string): op is OutboxOp {
  return outboxOps.some((known) => known === op);
}
