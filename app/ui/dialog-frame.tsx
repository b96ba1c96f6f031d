import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useState } from 'react';
import { IconButton } from './button.tsx';
import type { DialogProps } from './dialog.tsx';

export function DialogFrame({ onOpenChange, title, closeLabel, children }: DialogProps) {
  const returnFocus = useReturnOfFocus();
  return (
    <Primitive.Root open onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Primitive.Content
          aria-describedby={undefined}
          // There is no trigger of its own to return to.
          onCloseAutoFocus={returnFocus}
          className="fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] overflow-y-auto rounded-t-2xl bg-paper p-5 pb-[calc(20px+env(safe-area-inset-bottom))] text-ink shadow-soft sm:inset-x-auto sm:start-1/2 sm:top-1/2 sm:bottom-auto sm:w-[460px] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl sm:pb-5 rtl:sm:translate-x-1/2"
        >
          <div className="mb-4 flex items-center justify-between gap-3">
            <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
            <Primitive.Close asChild>
              <IconButton label={closeLabel}>
                <X />
              </IconButton>
            </Primitive.Close>
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Gives the keyboard back to where it was: from within a menu, which has closed meanwhile, to what opened that. */
function useReturnOfFocus(): (event: Event) => void {
  const [before] = useState(() => {
    const at = document.activeElement;
    const menu = at?.closest('[role="menu"]');
    return (menu && document.getElementById(menu.getAttribute('aria-labelledby') ?? '')) || at;
  });
  return (event) => {
    if (!(before instanceof HTMLElement) || before === document.body || !before.isConnected) return;
    event.preventDefault();
    before.focus();
  };
}
