import { useEffect, useState } from 'react';
import { AgentInfo } from '../../protocol/shapes.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import { useChatClient, useStore } from '../sync/react.tsx';

/** Who answers on this server, in words; null until it is known. */
export function useModelLabel(): string | null {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  const [label, setLabel] = useState<string | null>(null);
  useEffect(() => {
    if (!isLive) return;
    return askUntilAnswered(
      async () => AgentInfo.parse(await client.trpc.agent.info.query()),
      (info) => setLabel(info.label),
    );
  }, [client, isLive]);
  return label;
}
