import { z } from 'zod';
import { Memory } from '../../protocol/memory.ts';
import { Project } from '../../protocol/project.ts';
import { ChatMessage, ChatSession, Me, SessionMine } from '../../protocol/shapes.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { OwedRestore } from '../local-db/owed-restores.ts';
import { fieldsOf } from '../local-db/rows.ts';
import type { Trpc } from '../trpc/client.ts';
import { failureOf } from '../trpc/client.ts';

/** How long after it could not be fetched something is asked for again. */
const AGAIN_AFTER_MS = 5_000;

/** What changes nothing that is shown here, or nothing that anybody could put back. */
const leavesNothing: readonly string[] = ['people.report', 'draft.set', 'thread.read'];

const OwnSession = ChatSession.extend({ mine: SessionMine.optional() });

export interface RestorerOptions {
  db: LocalDb;
  trpc: Trpc;
  /** Something of a conversation is missing: everything anew. */
  startOver(): Promise<void>;
}

/**
 * Shows what a change was about as the server has it, once the change was refused or given up. What cannot be fetched
 * now stays owed: until the network is back, or the app is opened again.
 */
export class Restorer {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #isClosed = false;

  constructor(private readonly options: RestorerOptions) {}

  /** Safe to call at any time, any number of times. */
  pay(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#isClosed) return Promise.resolve();
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#payAll()
      .catch(() => false)
      .then((isPaid) => {
        this.#running = null;
        if (this.#isClosed) return;
        if (this.#again) return this.pay();
        if (!isPaid) this.#timer = setTimeout(() => void this.pay(), AGAIN_AFTER_MS);
      });
    return this.#running;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Resolves whether nothing is left to be fetched. */
  async #payAll(): Promise<boolean> {
    this.#again = false;
    const { db } = this.options;
    let isPaid = true;
    const restores = await db.restores();
    for (const owed of await restores.owed()) {
      if (await this.#isRestored(owed)) await restores.paid(owed.mutationId);
      else isPaid = false;
    }
    // A refused change stays for its person to decide, and while it does its conversation is compared with nobody's.
    for (const entry of await db.listOutbox())
      if (entry.state === 'failed' && !(await this.#isRestored(entry))) isPaid = false;
    return isPaid;
  }

  async #isRestored(change: Pick<OwedRestore, 'op' | 'input'>): Promise<boolean> {
    try {
      await this.#restore(change);
      return true;
    } catch (error) {
      const failure = failureOf(error);
      // It is not there, or not for this account: events tell of that.
      return failure !== null && !failure.retryable && failure.reason !== 'UNAUTHENTICATED';
    }
  }

  async #restore({ op, input }: Pick<OwedRestore, 'op' | 'input'>): Promise<void> {
    const { db, trpc } = this.options;
    if (leavesNothing.includes(op)) return;
    const restores = await db.restores();
    if (op === 'me.update' || op === 'people.block') return restores.me(Me.parse(await trpc.me.get.query()));
    if (op.startsWith('project.'))
      return restores.kept({ projects: z.array(Project).parse(await trpc.project.list.query()) });
    if (op.startsWith('memory.'))
      return restores.kept({ memories: z.array(Memory).parse(await trpc.memory.list.query()) });
    const { messageId, sessionId } = fieldsOf(input);
    if (typeof messageId !== 'string') {
      if (typeof sessionId === 'string') await this.#restoreSession(sessionId);
      return;
    }
    const message = ChatMessage.parse((await trpc.message.thread.query({ messageId })).root);
    // Which version is shown is the conversation's to know.
    if (op === 'message.show') await this.#restoreSession(message.sessionId);
    else await restores.message(message);
  }

  async #restoreSession(sessionId: string): Promise<void> {
    const { db, trpc, startOver } = this.options;
    const session = OwnSession.parse(await trpc.session.get.query({ sessionId }));
    if (await (await db.restores()).session(session)) await startOver();
  }
}
