import { Zap } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { en } from '../messages/en.ts';
import { IconButton } from '../ui/button.tsx';

/** Things that one asks Agent Jay again and again; the words go into the composer, to be changed or sent. */
export function QuickActions({ onChoose }: { onChoose(text: string): void }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label={en.quick.title}>
          <Zap />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          side="top"
          align="start"
          sideOffset={8}
          className="z-50 min-w-56 rounded-2xl border border-line bg-surface p-1.5 text-ink shadow-soft"
        >
          {en.quick.actions.map(([label, text]) => (
            <DropdownMenu.Item
              key={label}
              onSelect={() => onChoose(text)}
              className="flex min-h-11 cursor-pointer items-center rounded-control px-3 outline-none data-highlighted:bg-indigo-wash wide:min-h-9"
            >
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
