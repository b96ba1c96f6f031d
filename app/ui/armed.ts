import { type MouseEvent, useRef } from 'react';

/**
 * For what opens under a finger that is still down: lifting that finger must choose nothing. Clicks count once something
 * was pressed in here; a keyboard's always do.
 */
export function useArmed() {
  const isArmed = useRef(false);
  return {
    onPointerDownCapture: () => {
      isArmed.current = true;
    },
    onClickCapture: (event: MouseEvent) => {
      if (isArmed.current || event.detail === 0) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
