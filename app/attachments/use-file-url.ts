import { useEffect, useState } from 'react';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import type { FileSize } from '../sync/files.ts';
import { useChatClient } from '../sync/react.tsx';

export type FileUrl = { kind: 'loading' } | { kind: 'here'; url: string } | { kind: 'away' };

/** An address of a file's bytes in this page, while the component that asks stands. Asked again until it is here. */
export function useFileUrl(id: string, size: FileSize): FileUrl {
  const { files, connection } = useChatClient();
  const [state, setState] = useState<FileUrl>({ kind: 'loading' });
  useEffect(() => {
    let isHere = false;
    const ask = () =>
      askUntilAnswered(
        () => files.blob(id, size),
        (content) => {
          isHere = true;
          setState({ kind: 'here', url: URL.createObjectURL(content) });
        },
        () => setState({ kind: 'away' }),
      );
    let stop = ask();
    const isLive = () => connection.get().kind === 'live';
    let wasLive = isLive();
    const off = connection.subscribe(() => {
      if (isLive() && !wasLive && !isHere) {
        stop();
        stop = ask();
      }
      wasLive = isLive();
    });
    return () => {
      stop();
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
