import { useEffect, useState } from 'react';
import { AgentInfo } from '../../protocol/shapes.ts';
import { useChatClient, useStore } from '../sync/react.tsx';

/** Who answers on this server, in words; null until it is known. */
export function useModelLabel(): string | null {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  const [label, setLabel] = useState<string | null>(null);
  useEffect(() => {
    if (!isLive) return;
    client.trpc.agent.info.query().then(
      (info) => setLabel(AgentInfo.parse(info).label),
      // It is only a caption.
      () => {},
    );
  }, [client, isLive]);
  return label;
}
