import { MoreHorizontal } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { sessionActions } from './session-actions.ts';

/** What one can do with a conversation, on its line. */
export function SessionMenu({ row, title }: { row: SessionRow; title: string }) {
  const client = useChatClient();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          aria-label={en.mine.menu(title)}
          className="absolute end-2 top-2 grid h-7 w-9 place-items-center rounded-lg bg-side text-soft opacity-0 shadow-soft group-hover:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:hidden"
        >
          <MoreHorizontal className="h-4 w-4" />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          className="z-50 min-w-52 rounded-xl border border-line bg-surface p-1.5 shadow-soft"
        >
          {sessionActions(client, row).map(({ label, Icon, run }) => (
            <DropdownMenu.Item
              key={label}
              onSelect={run}
              className="flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-[highlighted]:bg-ink/7"
            >
              <Icon className="h-4 w-4" /> {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
