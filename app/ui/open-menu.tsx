import { DropdownMenu } from 'radix-ui';
import { type ComponentProps, forwardRef, useCallback, useImperativeHandle } from 'react';
import type { OpenedMenu } from './use-menu.ts';

export const MenuGroup = DropdownMenu.Group;
export const MenuItem = DropdownMenu.Item;

type Placing = Pick<
  ComponentProps<typeof DropdownMenu.Content>,
  'align' | 'side' | 'sideOffset' | 'className' | 'children'
>;

/** The entries of a menu, over the page, beside the button that opened them. */
export function OpenMenu({ opened, className = '', ...rest }: Placing & { opened: OpenedMenu }) {
  const { button, byKeyboard, close } = opened;
  const focusFirst = useCallback(
    (content: HTMLElement | null) => {
      if (byKeyboard)
        content?.querySelector<HTMLElement>('[role="menuitem"]')?.focus({ preventScroll: true });
    },
    [byKeyboard],
  );
  return (
    <DropdownMenu.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <DropdownMenu.Trigger asChild>
        <StandIn button={button} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          ref={focusFirst}
          aria-labelledby={undefined}
          aria-label={button.getAttribute('aria-label') ?? undefined}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // What was chosen may have put it somewhere else.
            if (document.activeElement === document.body) button.focus({ preventScroll: true });
          }}
          className={`z-50 max-h-[var(--radix-dropdown-menu-content-available-height)] min-w-52 overflow-y-auto border border-line bg-surface p-1.5 text-ink shadow-soft ${className || 'rounded-xl'}`}
          {...rest}
        />
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** The button stands elsewhere in the page, and did so before there was a menu: Radix is handed it as its own. */
const StandIn = forwardRef<HTMLElement, { button: HTMLElement }>(function StandIn({ button }, ref) {
  useImperativeHandle(ref, () => button, [button]);
  return null;
});
