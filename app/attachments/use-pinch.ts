import { type PointerEvent, useRef, useState, type WheelEvent } from 'react';

interface View {
  scale: number;
  x: number;
  y: number;
}
const whole: View = { scale: 1, x: 0, y: 0 };
const NEAREST = 6;

/** Two fingers or the wheel bring nearer, one finger moves about, a double click goes to and fro. */
export function usePinch() {
  const [view, setView] = useState(whole);
  const fingers = useRef(new Map<number, { x: number; y: number }>());

  const near = (scale: number, now: View): View => {
    const next = Math.min(NEAREST, Math.max(1, scale));
    return next === 1 ? whole : { ...now, scale: next };
  };

  function onPointerMove(event: PointerEvent) {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const after = { x: event.clientX, y: event.clientY };
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, after);
    if (other) {
      const spread = (point: typeof after) => Math.hypot(point.x - other.x, point.y - other.y);
      const ratio = spread(after) / Math.max(1, spread(before));
      setView((now) => near(now.scale * ratio, now));
    } else {
      setView((now) =>
        now.scale === 1 ? now : { ...now, x: now.x + after.x - before.x, y: now.y + after.y - before.y },
      );
    }
  }

  const lift = (event: PointerEvent) => void fingers.current.delete(event.pointerId);
  return {
    transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
    handlers: {
      onPointerDown(event: PointerEvent) {
        event.currentTarget.setPointerCapture(event.pointerId);
        fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      },
      onPointerMove,
      onPointerUp: lift,
      onPointerCancel: lift,
      onDoubleClick: () => setView((now) => (now.scale > 1 ? whole : { ...whole, scale: 2.5 })),
      onWheel: (event: WheelEvent) => setView((now) => near(now.scale * Math.exp(-event.deltaY / 400), now)),
    },
  };
}
