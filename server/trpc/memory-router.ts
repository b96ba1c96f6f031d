import { inputs } from '../../protocol/procedures.ts';
import { addMemory, deleteMemory, updateMemory } from '../domain/change-memory.ts';
import { listMemories } from '../domain/read-memories.ts';
import type { Procedures } from './procedure.ts';
import type { Services } from './services.ts';

export function createMemoryRouter({ router, query, mutation }: Procedures, { domain }: Services) {
  return router({
    list: query.query(({ ctx }) => listMemories(domain.database.prisma, ctx.account.userId)),
    add: mutation
      .input(inputs['memory.add'])
      .mutation(({ ctx, input }) => addMemory(domain, ctx.account, input)),
    update: mutation
      .input(inputs['memory.update'])
      .mutation(({ ctx, input }) => updateMemory(domain, ctx.account, input)),
    delete: mutation
      .input(inputs['memory.delete'])
      .mutation(({ ctx, input }) => deleteMemory(domain, ctx.account, input)),
  });
}
