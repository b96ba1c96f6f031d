import { type PointerEvent, useRef } from 'react';

const HOLD_MS = 450;
const SLACK_PX = 10;
const REPLY_PX = 56;
const FURTHEST_PX = 80;

/** Swipe a message aside to reply, hold it for what else can be done. For fingers only. */
export function useMessageGestures({ onReply, onHold }: { onReply(): void; onHold(): void }) {
  const touch = useRef<{ x: number; y: number; id: number; isSwipe: boolean } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const target = useRef<HTMLDivElement>(null);

  const shift = (px: number) => {
    if (!target.current) return;
    target.current.style.transform = px === 0 ? '' : `translateX(${px}px)`;
    target.current.style.transition = px === 0 ? 'transform var(--quick)' : 'none';
  };
  const end = () => {
    clearTimeout(timer.current);
    touch.current = null;
    shift(0);
  };

  return {
    ref: target,
    onPointerDown(event: PointerEvent) {
      if (event.pointerType !== 'touch') return;
      touch.current = { x: event.clientX, y: event.clientY, id: event.pointerId, isSwipe: false };
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        if (touch.current === null || touch.current.isSwipe) return;
        end();
        navigator.vibrate?.(10);
        onHold();
      }, HOLD_MS);
    },
    onPointerMove(event: PointerEvent) {
      const start = touch.current;
      if (start === null || start.id !== event.pointerId) return;
      const towards = getComputedStyle(document.documentElement).direction === 'rtl' ? -1 : 1;
      const x = (event.clientX - start.x) * towards;
      const y = Math.abs(event.clientY - start.y);
      if (Math.abs(x) > SLACK_PX || y > SLACK_PX) clearTimeout(timer.current);
      if (!start.isSwipe && x > SLACK_PX && x > 2 * y) start.isSwipe = true;
      if (start.isSwipe) shift(Math.max(0, Math.min(x, FURTHEST_PX)) * towards);
    },
    onPointerUp(event: PointerEvent) {
      const start = touch.current;
      const moved = start ? Math.abs(event.clientX - start.x) : 0;
      const isReply = start?.isSwipe === true && moved >= REPLY_PX;
      end();
      if (isReply) onReply();
    },
    onPointerCancel: end,
  };
}
