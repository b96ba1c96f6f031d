import { createTrpc } from '../../app/trpc/client.ts';
import { newMessageId, newSessionId } from '../../protocol/ids.ts';
import { startServerCluster } from '../../tests/faults/nodes/cluster.ts';
import { openRawStream } from '../../tests/faults/nodes/raw-stream.ts';
import { callsOf, newPerson } from '../../tests/faults/person.ts';
import { figureOf, type Metric, type Row } from '../row.ts';
import { percentile } from './percentile.ts';

/** What it costs a message to be read on another node than it was sent to, and what a second node adds to sends. */
export const secondNode: Metric = {
  id: 'N1+N2',
  title: 'two nodes beside one',
  async run({ quick, progress }): Promise<Row[]> {
    const rounds = quick ? 3 : 7;
    const perRound = quick ? 100 : 300;
    const cluster = await startServerCluster();
    const latency = { same: [] as number[], other: [] as number[] };
    const throughput = { one: [] as number[], two: [] as number[] };
    try {
      const { cookie } = await newPerson(cluster.url);
      const clients = cluster.nodes.map(({ url }) => createTrpc(callsOf(url, () => cookie)));
      const [first, second] = clients;
      if (!first || !second) throw new Error('There are two nodes');
      const sessionId = newSessionId();
      await first.session.create.mutate({ id: sessionId, withAgent: false });
      const send = (client: typeof first, content: string) =>
        client.message.send.mutate({ id: newMessageId(), sessionId, content });

      const latencyOn = async (url: string, into: number[], label: string) => {
        const stream = await openRawStream(url, cookie);
        await stream.until('caught-up');
        const took: number[] = [];
        for (let i = 0; i < perRound; i += 1) {
          const began = performance.now();
          const content = `${label} ${i}.`;
          const seen = stream.until(content).then(() => took.push(performance.now() - began));
          await Promise.all([send(first, content), seen]);
        }
        stream.close();
        into.push(percentile(took, 0.99));
      };
      const sendsPerSecond = async (nodes: (typeof first)[], into: number[]) => {
        const began = performance.now();
        const total = perRound * 8;
        let left = total;
        const worker = async (client: typeof first) => {
          while (left > 0) {
            left -= 1;
            await send(client, 'throughput');
          }
        };
        await Promise.all(Array.from({ length: 64 }, (_, i) => worker(nodes[i % nodes.length] ?? first)));
        into.push((total * 1000) / (performance.now() - began));
      };
      for (let round = 0; round < rounds; round += 1) {
        // A B B A, so that what changes on the machine meanwhile meets both.
        const order = round % 2 === 0 ? [0, 1] : [1, 0];
        for (const i of order) {
          const node = cluster.nodes[i === 0 ? 0 : 1];
          await latencyOn(node.url, i === 0 ? latency.same : latency.other, `r${round} n${i}`);
        }
        for (const i of order)
          await sendsPerSecond(
            i === 0 ? [first] : [first, second],
            i === 0 ? throughput.one : throughput.two,
          );
        progress(`round ${round + 1} of ${rounds}`);
      }
    } finally {
      await cluster.stop();
    }
    const note = 'load generator, both nodes, PostgreSQL and Redis share the machine';
    return [
      {
        metric: 'N1',
        name: 'p99 from send to a stream on the other node',
        unit: 'ms',
        ours: figureOf(latency.other),
        peers: [{ name: 'same node', figure: figureOf(latency.same) }],
        targets: [{ against: 'same node', is: 'at most', factor: 1.5 }],
        notes: [note],
      },
      {
        metric: 'N2',
        name: 'acknowledged sends through two nodes, 64 at once',
        unit: 'per s',
        ours: figureOf(throughput.two),
        peers: [{ name: 'one node', figure: figureOf(throughput.one) }],
        targets: [],
        notes: [note],
      },
    ];
  },
};
