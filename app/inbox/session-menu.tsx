import { MoreHorizontal } from 'lucide-react';
import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { useMenu } from '../ui/use-menu.ts';

const OpenSessionMenu = later(async () => (await import('./open-session-menu.tsx')).OpenSessionMenu);

/** What one can do with a conversation, on its line. */
export function SessionMenu({ row, title }: { row: SessionRow; title: string }) {
  const { button, opened } = useMenu();
  return (
    <>
      <button
        type="button"
        aria-label={en.mine.menu(title)}
        className="absolute end-2 top-2 grid h-7 w-9 place-items-center rounded-lg bg-side text-soft opacity-0 shadow-soft group-hover:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:hidden"
        {...button}
      >
        <MoreHorizontal className="h-4 w-4" />
      </button>
      {opened && <OpenSessionMenu opened={opened} row={row} />}
    </>
  );
}
