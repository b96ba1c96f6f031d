import { asTombstone, withReaction, withReceipt } from '../../protocol/apply-event.ts';
import {
  branchShown,
  forkOf,
  forkWith,
  withdrawnFrom,
  withFork,
  withoutVersion,
} from '../../protocol/forks.ts';
import type { MessageId, MutationId, SessionId } from '../../protocol/ids.ts';
import type { OutboxOp } from '../../protocol/outbox.ts';
import type { ThreadMark } from '../../protocol/outputs.ts';
import { inputs } from '../../protocol/procedures.ts';
import type { Attachment, Me } from '../../protocol/shapes.ts';
import { typedInput } from '../../protocol/typed-input.ts';
import { formerAfter } from './former.ts';
import { applyKept, type KeptStore } from './kept-effects.ts';
import { applyToMe, type MeStore } from './me-effects.ts';
import { newJournal, newMessage, newSession } from './new-rows.ts';
import type { DraftPlace, JournalEntry, MessageRow, StoredSession } from './rows.ts';

/** What an effect may look at and change; all within the one transaction that stores the outbox entry. */
export interface EffectStore extends KeptStore, MeStore {
  session(id: SessionId): Promise<StoredSession | null>;
  message(id: MessageId): Promise<MessageRow | null>;
  putSession(session: StoredSession): Promise<void>;
  putMessage(message: MessageRow): Promise<void>;
  putThreadMark(mark: ThreadMark): Promise<void>;
  putJournal(entry: JournalEntry): Promise<void>;
}

/** What only this device knows of a change that it shows. */
export interface Shown {
  /** The files of a message, as they will be. */
  attachments?: readonly Attachment[];
  /** How somebody is called who is named by an id alone. */
  personName?: string | undefined;
  /** Where a message was being written: it is that no longer. */
  writtenIn?: DraftPlace;
}

export interface Queued extends Shown {
  op: OutboxOp;
  input: unknown;
  mutationId: MutationId;
  position: number;
  at: string;
}

/** Shows on this device what a queued change will do, before any server heard of it. */
export async function applyOptimistically(store: EffectStore, me: Me, queued: Queued): Promise<void> {
  const { op, at } = queued;
  // An earlier version of the app may have stored what is refused today.
  const input = typedInput(op, queued.input);
  const onMessage = async (id: MessageId, change: (row: MessageRow) => MessageRow) => {
    const row = await store.message(id);
    if (row) await store.putMessage(change(row));
  };
  const onSession = async (id: SessionId, change: (session: StoredSession) => StoredSession) => {
    const session = await store.session(id);
    if (session) await store.putSession(change(session));
  };
  switch (op) {
    case 'session.create':
      return store.putSession(newSession(inputs[op].parse(input), me, at));
    case 'session.update': {
      const { sessionId, title, isActive, projectId, context, maxParticipants, picture } =
        inputs[op].parse(input);
      return onSession(sessionId, (session) => ({
        ...session,
        title: title ?? session.title,
        isActive: isActive ?? session.isActive,
        maxParticipants: maxParticipants ?? session.maxParticipants,
        projectId: projectId === undefined ? session.projectId : projectId,
        picture: picture === undefined ? session.picture : (picture?.id ?? null),
        context: withoutNulls({ ...session.context, ...context }),
      }));
    }
    case 'session.mine': {
      const { sessionId, ...change } = inputs[op].parse(input);
      return onSession(sessionId, (session) => ({ ...session, mine: withChange(session.mine, change, at) }));
    }
    case 'session.setRole': {
      const { sessionId, userId, role, handOver } = inputs[op].parse(input);
      return onSession(sessionId, (session) => ({
        ...session,
        members: session.members.map((member) => {
          if (member.userId === userId) return { ...member, role };
          return handOver && member.userId === me.id ? { ...member, role: 'member' } : member;
        }),
      }));
    }
    case 'session.removeMember': {
      const { sessionId, userId } = inputs[op].parse(input);
      return onSession(sessionId, (session) => {
        const members = session.members.filter((member) => member.userId !== userId);
        return { ...session, members, former: formerAfter(session, members) };
      });
    }
    case 'message.send': {
      const sent = inputs[op].parse(input);
      await store.putJournal(newJournal(sent.id, at));
      const version = sent.branchOf ? await addVersion(store, sent, sent.branchOf) : null;
      return store.putMessage({
        ...newMessage(sent, me.id, queued),
        branch: sent.branch === undefined ? await branchOf(store, sent.sessionId) : sent.branch,
        ...version,
      });
    }
    case 'message.forward': {
      const { id, messageId, sessionId } = inputs[op].parse(input);
      const original = await store.message(messageId);
      if (!original) return;
      const { content, attachments } = original;
      await store.putJournal(newJournal(id, at));
      return store.putMessage({
        ...newMessage({ id, sessionId, content }, me.id, queued),
        forwarded: true,
        attachments,
        branch: await branchOf(store, sessionId),
      });
    }
    case 'message.show': {
      const { messageId } = inputs[op].parse(input);
      const row = await store.message(messageId);
      const session = row && (await store.session(row.sessionId));
      const fork = session && forkOf(session.forks, messageId);
      if (fork)
        await store.putSession({
          ...session,
          forks: withFork(session.forks, { ...fork, shown: messageId }),
        });
      return;
    }
    case 'message.edit': {
      const { messageId, content } = inputs[op].parse(input);
      return onMessage(messageId, (row) => ({ ...row, content, editedAt: at }));
    }
    case 'message.delete': {
      const { messageId, undo = false } = inputs[op].parse(input);
      await onMessage(messageId, (row) => (row.deletedAt ? row : { ...row, ...asTombstone(row, at, undo) }));
      return undo ? turnBack(store, messageId) : undefined;
    }
    case 'message.pin': {
      const { messageId, on } = inputs[op].parse(input);
      return onMessage(messageId, (row) => ({ ...row, pinnedAt: since(on, row.pinnedAt, at) }));
    }
    case 'message.star': {
      const { messageId, on } = inputs[op].parse(input);
      return onMessage(messageId, (row) => ({ ...row, starredAt: since(on, row.starredAt, at) }));
    }
    case 'thread.read':
      return store.putThreadMark(inputs[op].parse(input));
    case 'message.react': {
      const { messageId, emoji, on } = inputs[op].parse(input);
      return onMessage(messageId, (row) => ({ ...row, ...withReaction(row, { emoji, on, userId: me.id }) }));
    }
    case 'message.feedback': {
      const { messageId, value } = inputs[op].parse(input);
      return onMessage(messageId, (row) => ({ ...row, feedback: value }));
    }
    case 'receipt.mark': {
      const { sessionId, deliveredSeq = 0, readSeq = 0 } = inputs[op].parse(input);
      const session = await store.session(sessionId);
      if (session)
        await store.putSession({
          ...session,
          ...withReceipt(session, { userId: me.id, deliveredSeq, readSeq }),
        });
      return;
    }
    case 'session.leave': {
      const session = await store.session(inputs[op].parse(input).sessionId);
      if (session) await store.putSession({ ...session, left: true });
      return;
    }
    case 'me.update':
    case 'people.block':
      return applyToMe(store, me, op, input, queued.personName);
    case 'project.create':
    case 'project.update':
    case 'project.delete':
    case 'memory.add':
    case 'memory.update':
    case 'memory.delete':
      return applyKept(store, me.id, op, input, at);
    default:
      // The rest shows once the server has done it.
      return;
  }
}

const withoutNulls = (context: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(context).filter(([, value]) => value !== null));

/** Shows a question in another version: its branch, and that of which it is one. */
async function addVersion(
  store: EffectStore,
  { id, sessionId }: { id: MessageId; sessionId: SessionId },
  of: MessageId,
): Promise<Pick<MessageRow, 'branch' | 'branchOf'> | null> {
  const [session, row] = [await store.session(sessionId), await store.message(of)];
  if (!session || !row) return null;
  const first = row.branchOf ? await store.message(row.branchOf) : row;
  const place = { id: row.branchOf ?? row.id, place: first?.sortKey ?? 0, branch: row.branch };
  const fork = forkWith(session.forks, { ...place, kind: 'question' }, [], id);
  await store.putSession({ ...session, forks: withFork(session.forks, fork) });
  return { branch: fork.in, branchOf: fork.root };
}

/** Where a message stands that names no branch. */
async function branchOf(store: EffectStore, id: SessionId): Promise<MessageId | null> {
  const session = await store.session(id);
  return session ? branchShown(session.forks) : null;
}

/** A question's version that is taken back again makes room for another one. */
async function turnBack(store: EffectStore, id: MessageId): Promise<void> {
  const row = await store.message(id);
  const session = row && (await store.session(row.sessionId));
  const fork = session && forkOf(session.forks, id);
  if (session && fork?.kind === 'question')
    await store.putSession({ ...session, forks: withFork(session.forks, withdrawnFrom(fork, id)) });
}

/** A message that will not be sent is no version of anything either. */
export async function takeBack(store: EffectStore, id: MessageId): Promise<void> {
  const row = await store.message(id);
  const session = row?.branchOf ? await store.session(row.sessionId) : null;
  if (session) await store.putSession({ ...session, forks: withoutVersion(session.forks, id) });
}

function withChange(
  mine: StoredSession['mine'],
  change: Omit<ReturnType<(typeof inputs)['session.mine']['parse']>, 'sessionId'>,
  at: string,
): StoredSession['mine'] {
  const { pinned, archived, mutedUntil, markedUnread } = change;
  return {
    pinnedAt: pinned === undefined ? mine.pinnedAt : since(pinned, mine.pinnedAt, at),
    archivedAt: archived === undefined ? mine.archivedAt : since(archived, mine.archivedAt, at),
    mutedUntil: mutedUntil === undefined ? mine.mutedUntil : mutedUntil,
    markedUnread: markedUnread ?? mine.markedUnread,
  };
}

/** When something came to hold. What does already keeps its time: the server changes nothing there, and tells nobody. */
const since = (on: boolean, was: string | null, at: string) => (on ? (was ?? at) : null);
