import { en } from '../messages/en.ts';
import { MenuItem, OpenMenu } from '../ui/open-menu.tsx';
import type { OpenedMenu } from '../ui/use-menu.ts';

export function OpenQuickActions({ opened, onChoose }: { opened: OpenedMenu; onChoose(text: string): void }) {
  return (
    <OpenMenu opened={opened} side="top" align="start" sideOffset={8} className="min-w-56 rounded-2xl">
      {en.quick.actions.map(([label, text]) => (
        <MenuItem
          key={label}
          onSelect={() => onChoose(text)}
          className="flex min-h-11 cursor-pointer items-center rounded-control px-3 outline-none data-highlighted:bg-indigo-wash wide:min-h-9"
        >
          {label}
        </MenuItem>
      ))}
    </OpenMenu>
  );
}
