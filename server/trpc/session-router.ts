import { inputs } from '../../protocol/procedures.ts';
import { createSession } from '../domain/create-session.ts';
import { inviteToSession, joinSession, listInvitations, revokeInvitation } from '../domain/invite.ts';
import { addMember, leaveSession, removeMember } from '../domain/membership.ts';
import { setMine } from '../domain/mine.ts';
import { getSession, listSessions } from '../domain/read-sessions.ts';
import { setRole } from '../domain/set-role.ts';
import { updateSession } from '../domain/update-session.ts';
import type { Procedures } from './procedure.ts';
import type { Services } from './services.ts';

export function createSessionRouter({ router, query, mutation }: Procedures, { domain }: Services) {
  return router({
    create: mutation
      .input(inputs['session.create'])
      .mutation(({ ctx, input }) => createSession(domain, ctx.account, input)),
    list: query
      .input(inputs['session.list'])
      .query(({ ctx, input }) => listSessions(domain, ctx.account, input)),
    get: query
      .input(inputs['session.get'])
      .query(({ ctx, input }) => getSession(domain, ctx.account, input.sessionId)),
    update: mutation
      .input(inputs['session.update'])
      .mutation(({ ctx, input }) => updateSession(domain, ctx.account, input)),
    invite: mutation
      .input(inputs['session.invite'])
      .mutation(({ ctx, input }) => inviteToSession(domain, ctx.account, input)),
    invites: query
      .input(inputs['session.invites'])
      .query(({ ctx, input }) => listInvitations(domain, ctx.account, input)),
    revokeInvite: mutation
      .input(inputs['session.revokeInvite'])
      .mutation(({ ctx, input }) => revokeInvitation(domain, ctx.account, input)),
    mine: mutation
      .input(inputs['session.mine'])
      .mutation(({ ctx, input }) => setMine(domain, ctx.account, input)),
    setRole: mutation
      .input(inputs['session.setRole'])
      .mutation(({ ctx, input }) => setRole(domain, ctx.account, input)),
    join: mutation
      .input(inputs['session.join'])
      .mutation(({ ctx, input }) => joinSession(domain, ctx.account, input)),
    addMember: mutation
      .input(inputs['session.addMember'])
      .mutation(({ ctx, input }) => addMember(domain, ctx.account, input)),
    removeMember: mutation
      .input(inputs['session.removeMember'])
      .mutation(({ ctx, input }) => removeMember(domain, ctx.account, input)),
    leave: mutation
      .input(inputs['session.leave'])
      .mutation(({ ctx, input }) => leaveSession(domain, ctx.account, input)),
  });
}
