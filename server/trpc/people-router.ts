import { inputs } from '../../protocol/procedures.ts';
import { blockPerson } from '../domain/block-person.ts';
import { findPerson } from '../domain/me.ts';
import { listReports, report, resolveReport } from '../domain/report.ts';
import type { Procedures } from './procedure.ts';
import type { Services } from './services.ts';

export function createPeopleRouter({ router, query, mutation }: Procedures, { domain }: Services) {
  return router({
    find: query.input(inputs['people.find']).query(({ input }) => findPerson(domain, input.email)),
    block: mutation
      .input(inputs['people.block'])
      .mutation(({ ctx, input }) => blockPerson(domain, ctx.account, input)),
    report: mutation
      .input(inputs['people.report'])
      .mutation(({ ctx, input }) => report(domain, ctx.account, input)),
  });
}

/** For administrators: what people reported. */
export function createReportRouter({ router, query, mutation }: Procedures, { domain }: Services) {
  return router({
    list: query.query(({ ctx }) => listReports(domain, ctx.account)),
    resolve: mutation
      .input(inputs['report.resolve'])
      .mutation(({ ctx, input }) => resolveReport(domain, ctx.account, input)),
  });
}
