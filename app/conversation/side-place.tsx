import { X } from 'lucide-react';
import { en } from '../messages/en.ts';
import { IconButton } from '../ui/button.tsx';

/** Stands beside a conversation for what is not here yet. On a phone that is the whole page, which one can leave. */
export function SidePlace({ onClose }: { onClose(): void }) {
  return (
    <aside className="flex items-start justify-end border-s border-line bg-paper px-2 pt-[calc(8px+env(safe-area-inset-top))]">
      <IconButton label={en.close} onClick={onClose}>
        <X />
      </IconButton>
    </aside>
  );
}
