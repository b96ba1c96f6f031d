import { Ban, Flag, MoreHorizontal } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { UserId } from '../../protocol/ids.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';
import { toast } from '../ui/toast.ts';
import { setBlocked } from './block.ts';
import { ReportDialog, type Reported } from './report-dialog.tsx';

/** What one can do about somebody: block, report. */
export function PersonMenu({ person }: { person: { userId: UserId; name: string } }) {
  const client = useChatClient();
  const me = useStore(client.me);
  const [reported, setReported] = useState<Reported | null>(null);
  const isBlocked = me.blocked.some((blocked) => blocked.userId === person.userId);
  const item =
    'flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-[highlighted]:bg-ink/7 wide:min-h-9 [&>svg]:h-4 [&>svg]:w-4';

  async function toggle() {
    await setBlocked(client, person, !isBlocked);
    toast.success(isBlocked ? en.people.unblocked(person.name) : en.people.blocked(person.name));
  }

  return (
    <>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger asChild>
          <IconButton label={en.people.menu(person.name)}>
            <MoreHorizontal />
          </IconButton>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            className="z-50 min-w-52 rounded-xl border border-line bg-surface p-1.5 text-ink shadow-soft"
          >
            <DropdownMenu.Item className={item} onSelect={() => void toggle()}>
              <Ban /> {isBlocked ? en.people.unblock : en.people.block}
            </DropdownMenu.Item>
            <DropdownMenu.Item className={`${item} text-danger`} onSelect={() => setReported(person)}>
              <Flag /> {en.people.report}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <ReportDialog about={reported} onClose={() => setReported(null)} />
    </>
  );
}
