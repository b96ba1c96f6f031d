import type { MutationId } from '../../protocol/ids.ts';
import { isSend, outboxOps } from '../../protocol/outbox.ts';
import type { ChatMessage, ChatSession, Me, SessionMine } from '../../protocol/shapes.ts';
import type { Topic } from './changes.ts';
import { applyOptimistically } from './effects.ts';
import { KeptRows, type Replacement } from './kept.ts';
import type { LocalDb } from './local-db.ts';
import { type OwedRestore, owedRestores, payRestore } from './owed-restores.ts';
import { replaceMe } from './replace-me.ts';
import type { RowParser } from './row-parser.ts';
import { fieldsOf, type OutboxEntry } from './rows.ts';
import type { WriteTransaction } from './schema.ts';
import { ServerWrites, type SessionResult } from './server-writes.ts';

/**
 * What the server has, in place of what a change of ours had shown that was refused or given up. What still waits is
 * shown on top of it. Each is taken only while the copy's cursor is the one from before it was asked for: what was told
 * since may be newer. Resolves with whether it was.
 */
export class Restores {
  /** @param cursor the copy's, from before anything is asked of the server */
  constructor(
    private readonly db: Pick<LocalDb, 'userId' | 'write' | 'listEntries' | 'effects'>,
    private readonly parser: RowParser,
    private readonly cursor: string | null,
  ) {}

  /** Changes that are gone and whose effects are not. */
  owed(): Promise<OwedRestore[]> {
    return this.db.write('relaxed', (tx) => owedRestores(tx));
  }

  paid(mutationId: MutationId): Promise<void> {
    return this.db.write('relaxed', (tx) => payRestore(tx, mutationId));
  }

  message(message: ChatMessage): Promise<boolean> {
    return this.#take(async (server, tx, touched) => {
      await server.message(message);
      await this.#showWaiting(tx, touched, ({ input }) => fieldsOf(input).messageId === message.id);
      return true;
    }, false);
  }

  session(session: ChatSession & { mine?: SessionMine }): Promise<SessionResult> {
    return this.#take<SessionResult>(async (server, tx, touched) => {
      const result = await server.session(session);
      if (result === 'moved') return result;
      await this.#showWaiting(
        tx,
        touched,
        ({ op, sessionId }) =>
          sessionId === session.id &&
          op !== 'session.create' &&
          (op.startsWith('session.') || op === 'message.show' || op === 'receipt.mark'),
      );
      return result;
    }, 'moved');
  }

  me(me: Me): Promise<boolean> {
    return this.#take(async (_server, tx, touched) => {
      await replaceMe(tx, this.parser, me);
      touched.add('sessions');
      return true;
    }, false);
  }

  /** All of one's projects or memories. */
  kept(kept: Replacement): Promise<boolean> {
    return this.#take(async (_server, tx, touched) => {
      await new KeptRows(tx, touched, this.parser).replace(kept);
      return true;
    }, false);
  }

  #take<T>(
    work: (server: ServerWrites, tx: WriteTransaction, touched: Set<Topic>) => Promise<T>,
    moved: T,
  ): Promise<T> {
    return this.db.write('relaxed', async (tx, touched) => {
      const server = new ServerWrites(tx, touched, this.parser, this.db.userId);
      return (await server.standsAt(this.cursor)) ? work(server, tx, touched) : moved;
    });
  }

  async #showWaiting(
    tx: WriteTransaction,
    touched: Set<Topic>,
    concerns: (entry: OutboxEntry) => boolean,
  ): Promise<void> {
    const effects = this.db.effects(tx, touched);
    const me = await effects.me();
    if (!me) return;
    for (const entry of await this.db.listEntries(tx)) {
      const { input, mutationId, position, createdAt: at } = entry;
      const op = outboxOps.find((known) => known === entry.op);
      if (!op || isSend(op) || entry.state !== 'queued' || !concerns(entry)) continue;
      await tx.objectStore('outbox').put({ ...entry, isOnTop: true });
      await applyOptimistically(effects, me, { op, input, mutationId, position, at });
    }
  }
}
