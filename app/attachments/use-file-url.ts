import { useEffect, useState } from 'react';
import type { FileSize } from '../sync/files.ts';
import { useChatClient } from '../sync/react.tsx';

export type FileUrl = { kind: 'loading' } | { kind: 'here'; url: string } | { kind: 'away' };

/** An address of a file's bytes in this page, while the component that asks stands. Asked again when the network is back. */
export function useFileUrl(id: string, size: FileSize): FileUrl {
  const { files, connection } = useChatClient();
  const [state, setState] = useState<FileUrl>({ kind: 'loading' });
  useEffect(() => {
    let isGone = false;
    let isHere = false;
    const ask = () =>
      files.blob(id, size).then(
        (content) => {
          if (isGone || isHere) return;
          isHere = true;
          setState({ kind: 'here', url: URL.createObjectURL(content) });
        },
        () => !isGone && !isHere && setState({ kind: 'away' }),
      );
    const isLive = () => connection.get().kind === 'live';
    let wasLive = isLive();
    const off = connection.subscribe(() => {
      if (isLive() && !wasLive && !isHere) void ask();
      wasLive = isLive();
    });
    void ask();
    return () => {
      isGone = true;
      off();
    };
  }, [files, connection, id, size]);
  const url = state.kind === 'here' ? state.url : null;
  useEffect(() => {
    if (url === null) return;
    return () => URL.revokeObjectURL(url);
  }, [url]);
  return state;
}
