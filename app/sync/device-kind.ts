import type { DeviceKind } from '../../protocol/shapes.ts';

/** Of a screen's shorter side, in CSS pixels: phones stay below it. */
const TABLET_FROM = 600;

/** What the person holds, or sits at: a device that is touched first, by its size, or else a computer. */
export function deviceKind(): DeviceKind | undefined {
  if (typeof window === 'undefined' || typeof window.matchMedia !== 'function') return undefined;
  if (!window.matchMedia('(pointer: coarse)').matches) return 'computer';
  return Math.min(window.screen.width, window.screen.height) < TABLET_FROM ? 'phone' : 'tablet';
}
