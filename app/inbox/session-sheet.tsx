import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { ActionList } from '../ui/action-list.tsx';
import { useArmed } from '../ui/armed.ts';
import { Dialog } from '../ui/dialog.tsx';
import { sessionActions } from './session-actions.ts';

/** The same as the menu, for a thumb that held the line. */
export function SessionSheet({ row, title, onClose }: { row: SessionRow; title: string; onClose(): void }) {
  const client = useChatClient();
  const armed = useArmed();
  return (
    <Dialog open onOpenChange={onClose} title={title} closeLabel={en.close}>
      <div {...armed}>
        <ActionList actions={sessionActions(client, row)} onChosen={onClose} />
      </div>
    </Dialog>
  );
}
