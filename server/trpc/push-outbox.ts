import { ZodError } from 'zod';
import { ChatError, type Failure } from '../../protocol/errors.ts';
import { MessageId } from '../../protocol/ids.ts';
import {
  isSend,
  momentaryOps,
  type OutboxMutation,
  type OutboxResult,
  outboxOps,
  type PushedOp,
} from '../../protocol/outbox.ts';
import { inputs } from '../../protocol/procedures.ts';
import type { Account } from '../domain/account.ts';
import { blockPerson } from '../domain/block-person.ts';
import { addMemory, deleteMemory, updateMemory } from '../domain/change-memory.ts';
import { deleteMessage, editMessage, giveFeedback, reactToMessage } from '../domain/change-message.ts';
import { createProject, deleteProject, updateProject } from '../domain/change-project.ts';
import { createSession } from '../domain/create-session.ts';
import { forwardMessage } from '../domain/forward-message.ts';
import { inviteToSession, joinSession } from '../domain/invite.ts';
import { pinMessage, starMessage } from '../domain/mark-message.ts';
import { markReceipt } from '../domain/mark-receipt.ts';
import { updateMe } from '../domain/me.ts';
import { addMember, leaveSession, removeMember } from '../domain/membership.ts';
import { markThread, setMine } from '../domain/mine.ts';
import { continueAnswer, regenerateAnswer } from '../domain/new-version.ts';
import { report } from '../domain/report.ts';
import { setDraft } from '../domain/set-draft.ts';
import { setRole } from '../domain/set-role.ts';
import { showVersion } from '../domain/show-version.ts';
import { underTwoIds } from '../domain/under-two-ids.ts';
import { updateSession } from '../domain/update-session.ts';
import { toFailure } from './error-shape.ts';
import { sendAndTypeNoMore } from './send-and-type-no-more.ts';
import type { Services } from './services.ts';
import { setPresence, setTyping } from './signals.ts';
import { stopAnswer } from './stop-answer.ts';

type Apply = (services: Services, account: Account, input: unknown) => Promise<unknown>;

const apply: Record<PushedOp, Apply> = {
  'session.create': (s, a, input) => createSession(s.domain, a, inputs['session.create'].parse(input)),
  'session.update': (s, a, input) => updateSession(s.domain, a, inputs['session.update'].parse(input)),
  'session.addMember': (s, a, input) => addMember(s.domain, a, inputs['session.addMember'].parse(input)),
  'session.removeMember': (s, a, input) =>
    removeMember(s.domain, a, inputs['session.removeMember'].parse(input)),
  'session.invite': (s, a, input) => inviteToSession(s.domain, a, inputs['session.invite'].parse(input)),
  'session.join': (s, a, input) => joinSession(s.domain, a, inputs['session.join'].parse(input)),
  'session.leave': (s, a, input) => leaveSession(s.domain, a, inputs['session.leave'].parse(input)),
  'message.send': (s, a, input) => sendAndTypeNoMore(s, a, inputs['message.send'].parse(input)),
  'message.edit': (s, a, input) => editMessage(s.domain, a, inputs['message.edit'].parse(input)),
  'message.delete': (s, a, input) => deleteMessage(s.domain, a, inputs['message.delete'].parse(input)),
  'message.react': (s, a, input) => reactToMessage(s.domain, a, inputs['message.react'].parse(input)),
  'message.feedback': (s, a, input) => giveFeedback(s.domain, a, inputs['message.feedback'].parse(input)),
  'receipt.mark': (s, a, input) => markReceipt(s.domain, a, inputs['receipt.mark'].parse(input)),
  'agent.stop': (s, a, input) => stopAnswer(s, a, inputs['agent.stop'].parse(input).messageId),
  'agent.regenerate': (s, a, input) => regenerateAnswer(s.domain, a, inputs['agent.regenerate'].parse(input)),
  'agent.continue': (s, a, input) => continueAnswer(s.domain, a, inputs['agent.continue'].parse(input)),
  'message.show': (s, a, input) => showVersion(s.domain, a, inputs['message.show'].parse(input)),
  'draft.set': (s, a, input) => setDraft(s.domain, a, inputs['draft.set'].parse(input)),
  'project.create': (s, a, input) => createProject(s.domain, a, inputs['project.create'].parse(input)),
  'project.update': (s, a, input) => updateProject(s.domain, a, inputs['project.update'].parse(input)),
  'project.delete': (s, a, input) => deleteProject(s.domain, a, inputs['project.delete'].parse(input)),
  'memory.add': (s, a, input) => addMemory(s.domain, a, inputs['memory.add'].parse(input)),
  'memory.update': (s, a, input) => updateMemory(s.domain, a, inputs['memory.update'].parse(input)),
  'memory.delete': (s, a, input) => deleteMemory(s.domain, a, inputs['memory.delete'].parse(input)),
  'people.block': (s, a, input) => blockPerson(s.domain, a, inputs['people.block'].parse(input)),
  'people.report': (s, a, input) => report(s.domain, a, inputs['people.report'].parse(input)),
  'session.mine': (s, a, input) => setMine(s.domain, a, inputs['session.mine'].parse(input)),
  'session.setRole': (s, a, input) => setRole(s.domain, a, inputs['session.setRole'].parse(input)),
  'message.forward': (s, a, input) => forwardMessage(s.domain, a, inputs['message.forward'].parse(input)),
  'message.pin': (s, a, input) => pinMessage(s.domain, a, inputs['message.pin'].parse(input)),
  'message.star': (s, a, input) => starMessage(s.domain, a, inputs['message.star'].parse(input)),
  'thread.read': (s, a, input) => markThread(s.domain, a, inputs['thread.read'].parse(input)),
  'me.update': (s, a, input) => updateMe(s.domain, a, inputs['me.update'].parse(input)),
  'typing.set': (s, a, input) => setTyping(s, a, inputs['typing.set'].parse(input)),
  'presence.set': async (s, a, input) => setPresence(s, a, inputs['presence.set'].parse(input)),
};
const known = [...outboxOps, ...momentaryOps];

/**
 * Applies queued mutations in their order. Within one chat session everything behind a retryable failure is left
 * untouched, so that order holds (invariant 4); a terminal failure blocks nothing.
 */
export async function pushOutbox(
  services: Services,
  account: Account,
  requestId: string,
  mutations: readonly OutboxMutation[],
): Promise<{ results: OutboxResult[] }> {
  const blocked = new Set<string>();
  /** One failed of which it could not even be found out where it belongs: anything may be behind it. */
  let isAllBlocked = false;
  const results: OutboxResult[] = [];
  for (const mutation of mutations) {
    const { mutationId } = mutation;
    try {
      const sessionId = blocked.size > 0 ? await sessionOf(services, mutations, mutation) : null;
      const needed = [sessionId, originalIn(mutations, mutation), ...keptBy(mutation)];
      if (isAllBlocked || needed.some((id) => id !== null && blocked.has(id))) {
        if (sessionId !== null) blocked.add(sessionId);
        results.push({ mutationId, ok: false, error: behind.toFailure() });
        continue;
      }
      results.push({ mutationId, ok: true, result: await applyOne(services, account, mutation) });
    } catch (error) {
      const failure = failureOf(error, () =>
        services.onError(error, { path: `outbox.push ${mutation.op}`, requestId, account }),
      );
      if (failure.retryable) {
        for (const id of keptBy(mutation)) blocked.add(id);
        await sessionOf(services, mutations, mutation).then(
          (sessionId) => blocked.add(sessionId ?? ELSEWHERE),
          () => {
            isAllBlocked = true;
          },
        );
      }
      results.push({ mutationId, ok: false, error: failure });
    }
  }
  return { results };
}

const ELSEWHERE = 'no session';
const behind = new ChatError(
  'UNAVAILABLE',
  'Waits for the change before it, which could not be applied yet.',
);

async function applyOne(
  services: Services,
  account: Account,
  { mutationId, op, input }: OutboxMutation,
): Promise<unknown> {
  const change = known.find((name) => name === op);
  if (!change)
    throw new ChatError('INVALID_INPUT', `"${op.slice(0, 60)}" is no change that this server knows.`);
  await services.limiter.consume('write', account.userId);
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return apply[change](services, account, input);
  // Whatever carries no id of its own for ever (an edit, a reaction) carries the entry's.
  const named = { mutationId, ...input };
  const write = () => apply[change](services, account, named);
  if (named.mutationId === mutationId) return write();
  const { mutationId: own, ...content } = { mutationId: undefined, ...inputs[change].parse(named) };
  return own === undefined
    ? write()
    : underTwoIds(services.domain, account, mutationId, change, content, write);
}

function failureOf(error: unknown, report: () => void): Failure {
  if (!(error instanceof ChatError) && !(error instanceof ZodError)) report();
  const failure = toFailure(error);
  return failure.reason === null ? new ChatError('UNAVAILABLE', failure.message).toFailure() : failure;
}

/** The project or memory that a mutation makes, changes or needs: what could not be made yet cannot be linked yet. */
function keptBy({ op, input }: OutboxMutation): string[] {
  // Any JSON, as below.
  const { id, projectId, memoryId } = (input ?? {}) as Record<'id' | 'projectId' | 'memoryId', unknown>;
  const isMade = op === 'project.create' || op === 'memory.add';
  return [projectId, memoryId, isMade ? id : null].filter((one) => typeof one === 'string');
}

/** Where a message that is to be forwarded is itself sent by this push: what could not be said yet cannot be passed on. */
function originalIn(mutations: readonly OutboxMutation[], { op, input }: OutboxMutation): string | null {
  return op === 'message.forward' ? sessionOfSent(mutations, (input as Named | null)?.messageId) : null;
}

/** The chat session to which this push sends a message. */
function sessionOfSent(mutations: readonly OutboxMutation[], messageId: unknown): string | null {
  for (const { op, input } of mutations) {
    const { id, sessionId } = (input ?? {}) as Named;
    if (isSend(op) && id === messageId && typeof sessionId === 'string') return sessionId;
  }
  return null;
}

/** Any JSON may be an input; it is only looked into, and judged by its own schema elsewhere. */
interface Named {
  sessionId?: unknown;
  messageId?: unknown;
  id?: unknown;
}

/** The chat session that a mutation belongs to, also when it names only a message. */
async function sessionOf(
  services: Services,
  mutations: readonly OutboxMutation[],
  mutation: OutboxMutation,
): Promise<string | null> {
  const input = (mutation.input ?? {}) as Named;
  if (typeof input.sessionId === 'string') return input.sessionId;
  if (mutation.op === 'session.create' && typeof input.id === 'string') return input.id;
  if (typeof input.messageId !== 'string') return null;
  const sentTo = sessionOfSent(mutations, input.messageId);
  if (sentTo !== null) return sentTo;
  const { data: id } = MessageId.safeParse(input.messageId);
  if (!id) return null;
  const row = await services.domain.database.prisma.chatMessage.findUnique({
    where: { id },
    select: { sessionId: true },
  });
  return row?.sessionId ?? null;
}
