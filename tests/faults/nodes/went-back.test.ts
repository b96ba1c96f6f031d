import { cpSync, renameSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrpc } from '../../../app/trpc/client.ts';
import { newMessageId, newSessionId } from '../../../protocol/ids.ts';
import { withClient } from '../../support/with-client.ts';
import { callsOf, newPerson } from '../person.ts';
import { type ServerCluster, startServerCluster } from './cluster.ts';
import { openRawStream } from './raw-stream.ts';
import { whyNoRedis } from './redis-server.ts';

const missing = whyNoRedis();

describe.skipIf(missing !== null)(
  `two nodes whose database goes back to an earlier state, as after a failover${missing ? ` (${missing})` : ''}`,
  () => {
    let cluster: ServerCluster;
    beforeAll(async () => {
      cluster = await startServerCluster();
    }, 90_000);
    afterAll(() => cluster.stop(), 60_000);

    it('stop with a failure and come back with another epoch: no cursor of what is lost is served, however far the log grows (invariant 9)', async () => {
      const { cookie } = await newPerson(cluster.url);
      const [one] = cluster.nodes.map((node) => createTrpc(callsOf(node.url, () => cookie)));
      if (!one) throw new Error('There are two nodes');
      const sessionId = newSessionId();
      await one.session.create.mutate({ id: sessionId, withAgent: false });
      const say = (content: string) => one.message.send.mutate({ id: newMessageId(), sessionId, content });

      const { part } = cluster.postgres;
      const { rows } = await withClient(cluster.postgres.url, (client) =>
        client.query<{ data_directory: string }>('SHOW data_directory'),
      );
      const data = rows[0]?.data_directory ?? '';
      await part.end('SIGINT');
      cpSync(data, `${data}.before`, { recursive: true, preserveTimestamps: true });
      await part.start();
      await expect
        .poll(
          () =>
            say('lost').then(
              () => 'said',
              () => 'not yet',
            ),
          { timeout: 20_000 },
        )
        .toBe('said');
      const streams = await Promise.all(cluster.nodes.map(({ url }) => openRawStream(url, cookie)));
      await Promise.all(streams.map((stream) => stream.until('caught-up')));
      const cursor = /"cursor":"([^"]+)"/.exec(streams[0]?.text() ?? '')?.[1];

      await part.end('SIGINT');
      rmSync(data, { recursive: true });
      renameSync(`${data}.before`, data);
      await part.start();
      await Promise.all(streams.map((stream) => stream.ended(20_000)));
      for (const { product } of cluster.nodes)
        await expect.poll(() => product.process.exitCode, { timeout: 15_000 }).toBe(1);

      for (const node of cluster.nodes) await node.start();
      for (let i = 0; i < 5; i += 1) await say(`new ${i}`);
      const later = await openRawStream(cluster.nodes[1].url, cookie, cursor);
      await later.until('caught-up');
      expect(later.text()).toContain('"type":"resync"');
      expect(later.text()).not.toContain('new 0');
      later.close();
    }, 90_000);
  },
);
