import { afterEach, expect, it, vi } from 'vitest';
import { deviceKind } from './device-kind.ts';

afterEach(() => vi.unstubAllGlobals());

const hold = (isTouched: boolean, width: number, height: number) => {
  vi.stubGlobal('matchMedia', () => ({ matches: isTouched }));
  vi.stubGlobal('screen', { width, height });
};

it('tells a phone, held either way, from a tablet and a computer', () => {
  hold(true, 390, 844);
  expect(deviceKind()).toBe('phone');
  hold(true, 844, 390);
  expect(deviceKind()).toBe('phone');
  hold(true, 820, 1180);
  expect(deviceKind()).toBe('tablet');
  hold(false, 500, 500);
  expect(deviceKind()).toBe('computer');
});
