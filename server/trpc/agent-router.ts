import { inputs } from '../../protocol/procedures.ts';
import { requireMember } from '../domain/access.ts';
import { readAnswerContext } from '../domain/answer-context.ts';
import { continueAnswer, regenerateAnswer } from '../domain/new-version.ts';
import type { Procedures } from './procedure.ts';
import type { Services } from './services.ts';
import { stopAnswer } from './stop-answer.ts';

export function createAgentRouter({ router, query, mutation }: Procedures, services: Services) {
  const { domain, agent } = services;
  return router({
    info: query.query(() => agent.info),
    usage: query.query(({ ctx }) => agent.usage(ctx.account.userId)),
    stop: mutation
      .input(inputs['agent.stop'])
      .mutation(({ ctx, input }) => stopAnswer(services, ctx.account, input.messageId)),
    regenerate: mutation
      .input(inputs['agent.regenerate'])
      .mutation(({ ctx, input }) => regenerateAnswer(domain, ctx.account, input)),
    continue: mutation
      .input(inputs['agent.continue'])
      .mutation(({ ctx, input }) => continueAnswer(domain, ctx.account, input)),
    suggestions: query.input(inputs['agent.suggestions']).query(async ({ ctx, input }) => {
      await requireMember(domain.database.prisma, input.sessionId, ctx.account.userId);
      return { suggestions: await agent.suggestions(input.sessionId) };
    }),
    context: query
      .input(inputs['agent.context'])
      .query(({ ctx, input }) => readAnswerContext(domain.database.prisma, ctx.account, input.messageId)),
  });
}
