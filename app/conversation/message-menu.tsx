import { MoreHorizontal } from 'lucide-react';
import type { ChatSession, Me } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { IconButton } from '../ui/button.tsx';
import { useMenu } from '../ui/use-menu.ts';
import type { MessageActions } from './message-actions.ts';

const OpenMessageMenu = later(async () => (await import('./open-message-menu.tsx')).OpenMessageMenu);

/** Everything that can be done with a message, beside it. */
export function MessageMenu({
  className = '',
  ...about
}: {
  message: MessageRow;
  session: ChatSession;
  me: Me;
  actions: MessageActions;
  className?: string;
}) {
  const { button, opened } = useMenu();
  return (
    <>
      <IconButton
        label={en.message.more}
        className={`self-center opacity-0 transition-opacity group-hover:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-60 ${className}`}
        {...button}
      >
        <MoreHorizontal />
      </IconButton>
      {opened && <OpenMessageMenu opened={opened} {...about} />}
    </>
  );
}
