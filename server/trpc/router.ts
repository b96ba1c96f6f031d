import { OutboxPush } from '../../protocol/outbox.ts';
import type { Snapshot, Verification } from '../../protocol/outputs.ts';
import { inputs } from '../../protocol/procedures.ts';
import { deleteAccount } from '../domain/delete-account.ts';
import { finishAttachment } from '../domain/finish-attachment.ts';
import { markReceipt } from '../domain/mark-receipt.ts';
import { getMe, updateMe } from '../domain/me.ts';
import { markThread } from '../domain/mine.ts';
import { visiblePeople } from '../domain/people.ts';
import { setDraft } from '../domain/set-draft.ts';
import { takeSnapshot } from '../domain/snapshot.ts';
import { verifyCopy } from '../domain/verify-copy.ts';
import { createAgentRouter } from './agent-router.ts';
import { createMemoryRouter } from './memory-router.ts';
import { createMessageRouter } from './message-router.ts';
import { createPeopleRouter, createReportRouter } from './people-router.ts';
import { createProcedures } from './procedure.ts';
import { createProjectRouter } from './project-router.ts';
import { pushOutbox } from './push-outbox.ts';
import type { Services } from './services.ts';
import { createSessionRouter } from './session-router.ts';
import { setPresence, setTyping } from './signals.ts';

/** The whole wire: each procedure is a schema and one call. */
export function createAppRouter(services: Services) {
  const procedures = createProcedures(services);
  const { router, query, mutation, signal } = procedures;
  const { domain, hub, presence } = services;
  const { prisma } = domain.database;
  return router({
    session: createSessionRouter(procedures, services),
    message: createMessageRouter(procedures, services),
    agent: createAgentRouter(procedures, services),
    project: createProjectRouter(procedures, services),
    memory: createMemoryRouter(procedures, services),
    attachment: router({
      /** All its bytes are here: looks at them, and makes the file ready to be sent. */
      finish: mutation
        .input(inputs['attachment.finish'])
        .mutation(({ ctx, input }) => finishAttachment(domain, ctx.account, input.id)),
    }),
    receipt: router({
      mark: signal
        .input(inputs['receipt.mark'])
        .mutation(({ ctx, input }) => markReceipt(domain, ctx.account, input)),
    }),
    typing: router({
      set: signal
        .input(inputs['typing.set'])
        .mutation(({ ctx, input }) => setTyping(services, ctx.account, input)),
    }),
    presence: router({
      set: signal
        .input(inputs['presence.set'])
        .mutation(({ ctx, input }) => setPresence(services, ctx.account, input)),
      get: query.input(inputs['presence.get']).query(async ({ ctx, input }) => {
        const { userId } = ctx.account;
        return presence.get(await visiblePeople(domain, userId, input.userIds), userId);
      }),
    }),
    outbox: router({
      push: signal
        .input(OutboxPush)
        .mutation(({ ctx, input }) => pushOutbox(services, ctx.account, ctx.requestId, input.mutations)),
    }),
    sync: router({
      // A mutation to tRPC alone, for its input is too long for an address: it changes nothing.
      verify: query
        .input(inputs['sync.verify'])
        .mutation(({ ctx, input }): Promise<Verification> => verifyCopy(domain, ctx.account, input)),
      snapshot: query.input(inputs['sync.snapshot']).query(async ({ ctx }): Promise<Snapshot> => {
        const { userId } = ctx.account;
        const { epoch: _epoch, pos, ...held } = await takeSnapshot(domain, userId);
        const { sessions } = held;
        const people = new Set(sessions.flatMap((session) => session.members.map((member) => member.userId)));
        return {
          cursor: hub.cursorFor(userId, pos),
          ...held,
          presence: await presence.get([...people].slice(0, 500), userId),
        };
      }),
    }),
    thread: router({
      read: signal
        .input(inputs['thread.read'])
        .mutation(({ ctx, input }) => markThread(domain, ctx.account, input)),
    }),
    draft: router({
      set: signal
        .input(inputs['draft.set'])
        .mutation(({ ctx, input }) => setDraft(domain, ctx.account, input)),
    }),
    events: router({
      subscribe: query.input(inputs['events.subscribe']).subscription(({ ctx, input }) => {
        const { userId, authSessionId, expiresAt } = ctx.account;
        const cursor = input.lastEventId ?? input.cursor ?? null;
        return services.subscribe({ userId, authSessionId, expiresAt }, cursor, input.answers);
      }),
    }),
    people: createPeopleRouter(procedures, services),
    report: createReportRouter(procedures, services),
    me: router({
      get: query.query(({ ctx }) => getMe(prisma, ctx.account.userId)),
      update: mutation
        .input(inputs['me.update'])
        .mutation(({ ctx, input }) => updateMe(domain, ctx.account, input)),
      delete: mutation.input(inputs['me.delete']).mutation(async ({ ctx, input }) => {
        const deleted = await deleteAccount(domain, ctx.account, input);
        procedures.endAccount(ctx.account.userId);
        return deleted;
      }),
    }),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;
