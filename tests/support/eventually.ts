import { vi } from 'vitest';

/** Checks again and again until nothing is thrown. Patient by default: a busy machine is slow, and not wrong. */
export function eventually<T>(check: () => T | Promise<T>, { timeout = 10_000 } = {}): Promise<T> {
  return vi.waitFor(check, { timeout });
}
