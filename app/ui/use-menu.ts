import { type KeyboardEvent, type MouseEvent, useState } from 'react';

/** A menu that stands open. */
export interface OpenedMenu {
  /** What it belongs to: it stands beside it, is named after it, and gives it the focus back. */
  button: HTMLElement;
  /** Then its first entry has the focus. */
  byKeyboard: boolean;
  close(): void;
}

/**
 * A button that opens a menu. What the menu is made of (`open-menu.tsx`) is no part of the page until it is opened, nor
 * of each line of a list that has one.
 */
export function useMenu() {
  const [opened, setOpened] = useState<OpenedMenu | null>(null);
  const open = (button: HTMLElement, byKeyboard: boolean) =>
    setOpened({ button, byKeyboard, close: () => setOpened(null) });
  return {
    opened,
    button: {
      'aria-haspopup': 'menu',
      'aria-expanded': opened !== null,
      // A click without a pointer is one by a key.
      onClick: (event: MouseEvent<HTMLElement>) => open(event.currentTarget, event.detail === 0),
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        open(event.currentTarget, true);
      },
    },
  } as const;
}
