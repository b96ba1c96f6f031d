import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

it('tells the counts of hub and log as they are when somebody asks', async () => {
  const hub = { stats: { streams: 2, deliveries: 10, serialisations: 5, slowReaderCloses: 0 } };
  const log = { stats: { queued: 0, batches: 3, sends: 7, marks: 1, changes: 1 } };
  const registry = createMetrics({ hub, log });
  expect(await registry.metrics()).toMatch(/^jstar_deliveries_total 10$/m);
  hub.stats.deliveries = 12;
  hub.stats.streams = 1;
  const text = await registry.metrics();
  expect(text).toMatch(/^jstar_deliveries_total 12$/m);
  expect(text).toMatch(/^jstar_streams 1$/m);
});
