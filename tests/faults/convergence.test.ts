import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Product, startProduct } from '../support/product.ts';
import { noFindings } from './ledger.ts';
import { planDeaths } from './plan-deaths.ts';
import { runSchedule } from './schedule.ts';
import { serveAlone } from './served.ts';

/** A handful; `npm run test:faults` runs as many as one likes, and any of these again. */
describe('every device ends with what the server holds (invariants 1-8, 12, 13, 20, 21 and 24)', () => {
  let database: TestDatabase;
  let product: Product;
  beforeAll(async () => {
    database = await createTestDatabase();
    product = await startProduct({ env: { DATABASE_URL: database.url } });
  }, 90_000);
  afterAll(async () => {
    await product.stop();
    await database.drop();
  });

  it.each([12, 14])(
    'under a network that drops, repeats, reorders, cuts and lies (seed %i)',
    async (seed) => {
      const served = { url: product.url, databaseUrl: database.url, own: null };
      const { findings, story } = await runSchedule(seed, served);
      expect(findings, story.join('\n')).toEqual(noFindings());
    },
    90_000,
  );
});

it.each([23])(
  'every device ends with what the server holds, also when it dies at the places that the schedule names (invariant 1, seed %i)',
  async (seed) => {
    const { url, drop } = await createTestDatabase();
    const served = await serveAlone(url, planDeaths(seed));
    try {
      const { findings, story } = await runSchedule(seed, served);
      expect(findings, story.join('\n')).toEqual(noFindings());
      expect(served.own.deaths.length).toBeGreaterThan(0);
    } finally {
      await served.own.stop();
      await drop();
    }
  },
  120_000,
);
