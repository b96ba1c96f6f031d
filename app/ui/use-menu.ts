import { type KeyboardEvent, type MouseEvent, type PointerEvent, useState } from 'react';

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
    setOpened((before) => before ?? { button, byKeyboard, close: () => setOpened(null) });
  return {
    opened,
    button: {
      'aria-haspopup': 'menu',
      'aria-expanded': opened !== null,
      // A mouse opens it with the press, and may choose from it with the release, in one stroke. A finger may be
      // about to scroll: it taps.
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.pointerType !== 'mouse' || event.button !== 0 || event.ctrlKey) return;
        // The focus goes to the menu.
        event.preventDefault();
        open(event.currentTarget, false);
      },
      // A click without a pointer is one by a key. One that follows a press finds the menu open.
      onClick: (event: MouseEvent<HTMLElement>) => open(event.currentTarget, event.detail === 0),
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        open(event.currentTarget, true);
      },
    },
  } as const;
}
