import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * Keeps the end of what scrolls in view while it is in view: when the content grows (an answer being written, Markdown
 * that arrives late), and when the room for it shrinks (chips, a reply above the field, the keyboard of a phone).
 * @param isAtEnd the end is in view
 * @param total how high the content is, in px
 */
export function useKeptAtEnd(scroller: RefObject<HTMLElement | null>, isAtEnd: boolean, total: number): void {
  const follows = useRef(false);
  follows.current = isAtEnd;
  useLayoutEffect(() => {
    // As far down as it goes.
    if (follows.current && scroller.current) scroller.current.scrollTop = total;
  }, [scroller, total]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
}
