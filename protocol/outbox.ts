import { z } from 'zod';
import { Failure } from './errors.ts';
import { MutationId } from './ids.ts';
import { limits } from './limits.ts';
import type { inputs } from './procedures.ts';

/** Mutations that may wait in an outbox. Stored on devices: only ever add to this list. */
export const outboxOps = [
  'session.create',
  'session.update',
  'session.addMember',
  'session.removeMember',
  'session.leave',
  'message.send',
  'message.edit',
  'message.delete',
  'message.react',
  'message.feedback',
  'receipt.mark',
  'agent.stop',
  'agent.regenerate',
  'agent.continue',
  'message.show',
  'me.update',
  'people.block',
  'people.report',
  'draft.set',
  'project.create',
  'project.update',
  'project.delete',
  'memory.add',
  'memory.update',
  'memory.delete',
  'session.mine',
  'session.setRole',
  'message.forward',
  'message.pin',
  'message.star',
  'thread.read',
] as const satisfies readonly (keyof typeof inputs)[];
export type OutboxOp = (typeof outboxOps)[number];

/** What a push may name besides: our own devices let none of these wait, for each is of its moment. */
export const momentaryOps = [
  'session.invite',
  'session.join',
  'typing.set',
  'presence.set',
] as const satisfies readonly (keyof typeof inputs)[];
export type PushedOp = OutboxOp | (typeof momentaryOps)[number];

/** Sent without being asked: nobody waits for these, and nothing a person wrote for others is lost with them. */
const quietOps = ['receipt.mark', 'draft.set', 'thread.read'] as const satisfies readonly OutboxOp[];
/** Changes that a person made, and is told of for as long as they wait. */
export type CountedOp = Exclude<OutboxOp, (typeof quietOps)[number]>;

/** Whether a person would say of this change that it still has to be sent. */
export const isCounted = (op: string): boolean => !quietOps.some((quiet) => quiet === op);

/** Changes that make a message of one's own. */
export const isSend = (op: string): boolean => op === 'message.send' || op === 'message.forward';

/** One entry as it travels. `op` is looked up, and `input` checked against its schema, for each entry by itself. */
export const OutboxMutation = z.object({
  mutationId: MutationId,
  op: z.string(),
  input: z.unknown().optional(),
});
export type OutboxMutation = z.infer<typeof OutboxMutation>;

export const OutboxPush = z.object({ mutations: z.array(OutboxMutation).max(limits.outboxPushMutations) });

export const OutboxResult = z.discriminatedUnion('ok', [
  z.object({ mutationId: MutationId, ok: z.literal(true), result: z.unknown() }),
  z.object({ mutationId: MutationId, ok: z.literal(false), error: Failure }),
]);
export type OutboxResult = z.infer<typeof OutboxResult>;

/** A reply that does not have this shape is no acknowledgement, whatever its status code (invariant 21). */
export const OutboxPushReply = z.object({ results: z.array(OutboxResult) });
