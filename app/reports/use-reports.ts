import { useCallback, useEffect, useState } from 'react';
import { z } from 'zod';
import { ReportRow } from '../../protocol/outputs.ts';
import { en } from '../messages/en.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
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
  const [times, setTimes] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again each time
  useEffect(
    () =>
      askUntilAnswered(
        async () => Reply.parse(await client.trpc.report.list.query()),
        ({ reports }) => setState({ kind: 'read', reports }),
        (error) => setState({ kind: 'failed', sentence: failureOf(error)?.message ?? en.reports.offline }),
      ),
    [client, times],
  );
  const reload = useCallback(() => setTimes((before) => before + 1), []);
  return { state, reload };
}
