import { type ComponentProps, useEffect } from 'react';
import type { PictureId } from '../../protocol/ids.ts';
import { useChatClient, useStore, useStoreValue } from '../sync/react.tsx';
import { Avatar } from '../ui/avatar.tsx';

/** The picture of a person or a group where there is one that can be had, and the initials otherwise. */
export function Portrait({
  picture,
  ...avatar
}: Omit<ComponentProps<typeof Avatar>, 'src'> & { picture: PictureId | null | undefined }) {
  const { files, connection } = useChatClient();
  const isLive = useStore(connection).kind === 'live';
  const src = useStoreValue(files.pictures.urls, (urls) => (picture ? urls[picture] : undefined));
  // biome-ignore lint/correctness/useExhaustiveDependencies: one that is away is asked for again once one is live
  useEffect(() => {
    if (picture) files.pictures.want(picture);
  }, [files, picture, isLive]);
  return <Avatar {...avatar} src={src} />;
}
