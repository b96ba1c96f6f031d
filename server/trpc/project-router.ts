import { inputs } from '../../protocol/procedures.ts';
import { createProject, deleteProject, updateProject } from '../domain/change-project.ts';
import { getProject, listProjects } from '../domain/read-projects.ts';
import type { Procedures } from './procedure.ts';
import type { Services } from './services.ts';

export function createProjectRouter({ router, query, mutation }: Procedures, { domain }: Services) {
  const { prisma } = domain.database;
  return router({
    list: query.query(({ ctx }) => listProjects(prisma, ctx.account.userId)),
    get: query
      .input(inputs['project.get'])
      .query(({ ctx, input }) => getProject(prisma, ctx.account, input.projectId)),
    create: mutation
      .input(inputs['project.create'])
      .mutation(({ ctx, input }) => createProject(domain, ctx.account, input)),
    update: mutation
      .input(inputs['project.update'])
      .mutation(({ ctx, input }) => updateProject(domain, ctx.account, input)),
    delete: mutation
      .input(inputs['project.delete'])
      .mutation(({ ctx, input }) => deleteProject(domain, ctx.account, input)),
  });
}
