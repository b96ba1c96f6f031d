import { useState } from 'react';
import { z } from 'zod';
import { ReportRow } from '../../protocol/outputs.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { useAsked } from '../sync/use-asked.ts';
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
  const reload = useAsked(
    async () => Reply.parse(await client.trpc.report.list.query()),
    ({ reports }) => setState({ kind: 'read', reports }),
    (error) => setState({ kind: 'failed', sentence: failureOf(error)?.message ?? en.reports.offline }),
  );
  return { state, reload };
}
