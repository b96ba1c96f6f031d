import { useNavigate } from '@remix-run/react';
import { newMutationId } from '../../protocol/ids.ts';
import type { ReportRow } from '../../protocol/outputs.ts';
import { shortWhen } from '../inbox/when.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';
import { Button } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { toast } from '../ui/toast.ts';
import { useBusy } from '../ui/use-busy.ts';
import { useReports } from './use-reports.ts';

/** For administrators: what people reported, open ones first. */
export function ReportsPage() {
  const client = useChatClient();
  const navigate = useNavigate();
  const { state, reload } = useReports();
  const [isBusy, run] = useBusy();

  async function resolve({ id }: ReportRow) {
    try {
      await client.trpc.report.resolve.mutate({ mutationId: newMutationId(), reportId: id });
      reload();
    } catch (error) {
      toast.error(failureOf(error)?.message ?? en.errors.generic);
    }
  }

  return (
    <Page title={en.reports.title} backLabel={en.back} onBack={() => navigate('/chat/settings')}>
      {state.kind === 'failed' && <p className="mt-4 text-soft">{state.sentence}</p>}
      {state.kind === 'read' && state.reports.length === 0 && (
        <p className="mt-4 text-soft">{en.reports.none}</p>
      )}
      {state.kind === 'read' && (
        <ul className="mt-4 grid gap-3">
          {state.reports.map((report) => (
            <li
              key={report.id}
              className={`grid gap-2 rounded-2xl border border-line bg-surface p-4 ${report.resolvedAt ? 'opacity-70' : ''}`}
            >
              <h2 className="font-semibold">{en.reports.about(report.person.name)}</h2>
              <p className="break-words whitespace-pre-wrap">{report.reason}</p>
              {report.content !== null && (
                <blockquote className="border-s-2 border-line ps-3 break-words whitespace-pre-wrap text-soft">
                  {report.content}
                </blockquote>
              )}
              <div className="flex items-center justify-between gap-3">
                <span className="tabular text-xs text-faint">
                  {en.reports.by(report.reporter.name, shortWhen(report.createdAt))}
                </span>
                {report.resolvedAt ? (
                  <span className="text-xs text-faint">{en.reports.resolved}</span>
                ) : (
                  <Button disabled={isBusy} onClick={() => void run(() => resolve(report))}>
                    {en.reports.resolve}
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
