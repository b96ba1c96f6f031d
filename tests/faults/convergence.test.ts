import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startProduct } from '../support/product.ts';
import { runSchedule } from './schedule.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
}, 90_000);
afterAll(() => product.stop());

const nothing = { lost: [], doubled: [], reordered: [], stale: [], invented: [] };

describe('every device ends with what the server holds (invariants 1-5, 7, 12, 20 and 21)', () => {
  it.each([11, 12, 13, 14, 15, 16])(
    'under a network that drops, repeats, reorders, cuts and lies (seed %i)',
    async (seed) => {
      const { findings, story } = await runSchedule(seed, { serverUrl: () => product.url });
      expect(findings, story.join('\n')).toEqual(nothing);
    },
    90_000,
  );

  it('also when the server is killed in between (seed 23)', async () => {
    let kills = 0;
    const killServer = async () => {
      kills += 1;
      const { dataDir, url } = product;
      await product.kill();
      product = await startProduct({ dataDir, port: Number(new URL(url).port) });
    };
    const { findings, story } = await runSchedule(23, {
      serverUrl: () => product.url,
      killServer,
      steps: 60,
    });
    expect(findings, story.join('\n')).toEqual(nothing);
    expect(kills).toBeGreaterThan(0);
  }, 120_000);
});
