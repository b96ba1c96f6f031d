import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { useArmed } from '../ui/armed.ts';
import { Dialog } from '../ui/dialog.tsx';
import { sessionActions } from './session-actions.ts';

/** The same as the menu, for a thumb that held the line. */
export function SessionSheet({ row, title, onClose }: { row: SessionRow; title: string; onClose(): void }) {
  const client = useChatClient();
  const armed = useArmed();
  return (
    <Dialog open onOpenChange={onClose} title={title} closeLabel={en.close}>
      <ul {...armed}>
        {sessionActions(client, row).map(({ label, Icon, run }) => (
          <li key={label}>
            <button
              type="button"
              className="flex min-h-12 w-full items-center gap-4 rounded-lg px-2 text-start hover:bg-ink/7"
              onClick={() => {
                onClose();
                run();
              }}
            >
              <Icon className="h-5 w-5" /> {label}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
