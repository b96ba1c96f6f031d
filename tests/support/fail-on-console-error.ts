import { afterEach, beforeEach, expect, vi } from 'vitest';

// A complaint on the console is a finding: a test that expects one spies on console.error itself.
beforeEach(() => {
  const complaint = vi.spyOn(console, 'error').mockImplementation((...args) => {
    process.stderr.write(`console.error: ${args.map(String).join(' ')}\n`);
  });
  return () => complaint.mockRestore();
});

afterEach(() => {
  const { error } = console;
  if (vi.isMockFunction(error)) expect(error.mock.calls, 'console.error was called').toEqual([]);
});
