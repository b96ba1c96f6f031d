import type { SessionRow } from '../local-db/rows.ts';
import { useChatClient } from '../sync/react.tsx';
import { MenuItem, OpenMenu } from '../ui/open-menu.tsx';
import type { OpenedMenu } from '../ui/use-menu.ts';
import { sessionActions } from './session-actions.ts';

export function OpenSessionMenu({ opened, row }: { opened: OpenedMenu; row: SessionRow }) {
  const client = useChatClient();
  return (
    <OpenMenu opened={opened} align="end">
      {sessionActions(client, row).map(({ label, Icon, run }) => (
        <MenuItem
          key={label}
          onSelect={run}
          className="flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-[highlighted]:bg-ink/7"
        >
          <Icon className="h-4 w-4" /> {label}
        </MenuItem>
      ))}
    </OpenMenu>
  );
}
