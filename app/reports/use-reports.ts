import { useCallback, useEffect, useState } from 'react';
import { z } from 'zod';
import { ReportRow } from '../../protocol/outputs.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';

type State =
  | { kind: 'asking' }
  | { kind: 'read'; reports: ReportRow[] }
  /** In a sentence: no network, or no right to see them. */
  | { kind: 'failed'; sentence: string };

const Reply = z.object({ reports: z.array(ReportRow) });

export function useReports(): { state: State; reload(): void } {
  const client = useChatClient();
  const [state, setState] = useState<State>({ kind: 'asking' });
  const reload = useCallback(() => {
    client.trpc.report.list.query().then(
      (reply) => setState({ kind: 'read', reports: Reply.parse(reply).reports }),
      (error) => setState({ kind: 'failed', sentence: failureOf(error)?.message ?? en.reports.offline }),
    );
  }, [client]);
  useEffect(reload, [reload]);
  return { state, reload };
}
