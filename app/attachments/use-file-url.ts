import { useEffect, useState } from 'react';
import type { FileSize } from '../sync/files.ts';
import { useChatClient, useStore } from '../sync/react.tsx';

export type FileUrl = { kind: 'loading' } | { kind: 'here'; url: string } | { kind: 'away' };

/** An address of a file's bytes in this page, while the component that asks stands. Asked again when the network is back. */
export function useFileUrl(id: string, size: FileSize): FileUrl {
  const { files, connection } = useChatClient();
  const isLive = useStore(connection).kind === 'live';
  const [state, setState] = useState<FileUrl>({ kind: 'loading' });
  const isHere = state.kind === 'here';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file that is away is asked for again once one is live
  useEffect(() => {
    if (isHere) return;
    let isGone = false;
    files.blob(id, size).then(
      (content) => !isGone && setState({ kind: 'here', url: URL.createObjectURL(content) }),
      () => !isGone && setState({ kind: 'away' }),
    );
    return () => {
      isGone = true;
    };
  }, [files, id, size, isLive]);
  const url = state.kind === 'here' ? state.url : null;
  useEffect(() => {
    if (url === null) return;
    return () => URL.revokeObjectURL(url);
  }, [url]);
  return state;
}
