import { defineConfig } from 'vitest/config';

/** Something is wrong when nothing happens for this long; on a busy machine much takes longer than it should. */
const patience = { testTimeout: 20_000, hookTimeout: 30_000, expect: { poll: { timeout: 10_000 } } };
const failOnConsoleError = './tests/support/fail-on-console-error.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['{protocol,server,scripts,tests/integration,tests/faults,tests/support}/**/*.test.ts'],
          globalSetup: './tests/support/global-setup.ts',
          setupFiles: [failOnConsoleError],
          ...patience,
        },
      },
      {
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['app/**/*.test.{ts,tsx}'],
          setupFiles: ['fake-indexeddb/auto', failOnConsoleError],
          ...patience,
        },
      },
    ],
  },
});
