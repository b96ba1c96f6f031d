import { pingBytes } from '../../server/realtime/frame.ts';
import { gather, OURS, type PeerName } from '../crowd.ts';
import { startDatabase } from '../database.ts';
import { exact, type Metric } from '../row.ts';

const SOCKET_IO = 'Socket.IO';
/** Socket.IO's defaults: a ping of 3 bytes every 25 s, and a masked pong of 7. */
const THEIR_IDLE_HOUR = (3600 / 25) * (3 + 7);

/** P13: bytes on the wire, as the sockets count them. */
export const bytes: Metric = {
  id: 'P13',
  title: 'Bytes on the wire',
  async run() {
    const database = await startDatabase();
    const perMessage = new Map<string, number>();
    const names: (PeerName | typeof OURS)[] = [OURS, SOCKET_IO, 'raw write', 'stock tRPC'];
    try {
      for (const name of names) {
        const [streams, count] = [10, 100];
        const crowd = await gather(name, streams, database);
        await crowd.emit({ count, together: 1, everyMs: 5 });
        const { bytes: read } = await crowd.load.ask<{ bytes: number }>('totals');
        perMessage.set(name, read / streams / count);
        await crowd.stop();
      }
    } finally {
      await database.stop();
    }
    const of = (name: string) => exact(Math.round((perMessage.get(name) ?? Number.NaN) * 10) / 10);
    return [
      {
        metric: 'P13',
        name: 'bytes received per message of 440 bytes of JSON',
        unit: 'bytes',
        ours: of(OURS),
        peers: names.filter((name) => name !== OURS).map((name) => ({ name, figure: of(name) })),
        targets: [{ against: SOCKET_IO, is: 'at most', factor: 0.6 }],
      },
      {
        metric: 'P13',
        name: 'bytes of heartbeats in an idle hour',
        unit: 'bytes',
        ours: exact((3600 / 15) * pingBytes.length),
        peers: [{ name: SOCKET_IO, figure: exact(THEIR_IDLE_HOUR) }],
        targets: [{ against: SOCKET_IO, is: 'at most', factor: 0.1 }],
        notes: ['From the frames of both and how often each sends them by default.'],
      },
    ];
  },
};
