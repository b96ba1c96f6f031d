import { z } from 'zod';
import { Memory } from '../../protocol/memory.ts';
import { Project } from '../../protocol/project.ts';
import { ChatMessage, ChatSession, Me, SessionMine } from '../../protocol/shapes.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { OwedRestore } from '../local-db/owed-restores.ts';
import { fieldsOf } from '../local-db/rows.ts';
import type { Trpc } from '../trpc/client.ts';

/** What changes nothing that is shown here, or nothing that anybody could put back. */
const leavesNothing: readonly string[] = ['people.report', 'draft.set', 'thread.read'];

const OwnSession = ChatSession.extend({ mine: SessionMine.optional() });

export interface ServerCopy {
  db: LocalDb;
  trpc: Trpc;
  /** Something of a conversation is missing: everything anew. */
  startOver(): Promise<void>;
}

/** In a row, beside a copy that keeps moving on. */
const TRIES = 3;

/**
 * Fetches what a change was about, and shows it as the server has it. Rejects where it cannot be fetched, or where more
 * was told each time while it was.
 */
export async function restoreChange(
  copy: ServerCopy,
  change: Pick<OwedRestore, 'op' | 'input'>,
): Promise<void> {
  if (leavesNothing.includes(change.op)) return;
  for (let tries = 1; tries <= TRIES; tries += 1) if (await isRestored(copy, change)) return;
  throw new Error('The copy moved on each time.');
}

/** Resolves with whether the answer was taken. */
async function isRestored(
  copy: ServerCopy,
  { op, input }: Pick<OwedRestore, 'op' | 'input'>,
): Promise<boolean> {
  const { db, trpc } = copy;
  const restores = await db.restores();
  if (op === 'me.update' || op === 'people.block') return restores.me(Me.parse(await trpc.me.get.query()));
  if (op.startsWith('project.'))
    return restores.kept({ projects: z.array(Project).parse(await trpc.project.list.query()) });
  if (op.startsWith('memory.'))
    return restores.kept({ memories: z.array(Memory).parse(await trpc.memory.list.query()) });
  const { messageId, sessionId } = fieldsOf(input);
  if (typeof messageId !== 'string') {
    return typeof sessionId !== 'string' || isSessionRestored(copy, sessionId);
  }
  const message = ChatMessage.parse((await trpc.message.thread.query({ messageId })).root);
  // Which version is shown is the conversation's to know.
  if (op === 'message.show') return isSessionRestored(copy, message.sessionId);
  return restores.message(message);
}

async function isSessionRestored({ db, trpc, startOver }: ServerCopy, sessionId: string): Promise<boolean> {
  const restores = await db.restores();
  const session = OwnSession.parse(await trpc.session.get.query({ sessionId }));
  const result = await restores.session(session);
  if (result === 'behind') await startOver();
  return result !== 'moved';
}
