// A crowd of subscribers on raw sockets: reads bytes and counts, and knows each event by the index after its `^`.
import { connect, type Socket } from 'node:net';
import { answer } from '../answer.ts';
import { type Speaks, Subscriber } from '../subscriber.ts';

interface Crowd {
  port: number;
  count: number;
  speaks: Speaks;
  /** Path of an event stream. */
  path?: string;
  cookies?: string[];
  /** Where to go on from. */
  cursor?: string;
  /** At most so many at once are on their way. */
  together?: number;
}

let subscribers: Subscriber[] = [];
let crowd: Crowd | null = null;

async function connectAll(to: Crowd): Promise<void> {
  crowd = to;
  subscribers = Array.from(
    { length: to.count },
    (_, i) => new Subscriber(to.speaks, to.path ?? '/', to.cookies?.[i], to.cursor ?? null),
  );
  await openAll();
}

async function openAll(): Promise<void> {
  if (!crowd) throw new Error('connect first');
  const { port, together = 500 } = crowd;
  let next = 0;
  const worker = async () => {
    for (let subscriber = subscribers[next++]; subscriber; subscriber = subscribers[next++])
      await subscriber.open(() => connectTo(port));
  };
  await Promise.all(Array.from({ length: Math.min(together, subscribers.length) }, worker));
}

function connectTo(port: number): Socket {
  return connect({ port, host: '127.0.0.1', noDelay: true });
}

/** Resolves once each subscriber has had `events` since the last `begin`. */
async function received({ events }: { events: number }): Promise<void> {
  await Promise.all(subscribers.map((subscriber) => subscriber.until(events)));
}

answer({
  connect: connectAll,
  /** Starts counting anew; the next event expected is the one with this index. */
  begin: ({ first }: { first: number }) => {
    for (const subscriber of subscribers) subscriber.begin(first);
  },
  received,
  totals: () => ({
    bytes: sum((subscriber) => subscriber.bytes),
    events: sum((subscriber) => subscriber.events),
    lost: sum((subscriber) => subscriber.lost),
    doubled: sum((subscriber) => subscriber.doubled),
  }),
  /**
   * Milliseconds from the moment each event was meant to leave until its last subscriber had it. The plan must be
   * the one that the server was given.
   */
  latencies: ({
    first,
    count,
    everyMs,
    startAt,
  }: {
    first: number;
    count: number;
    everyMs: number;
    startAt: string;
  }) =>
    Array.from({ length: count }, (_, i) => {
      const due = Number(BigInt(startAt) / 1000n) / 1000 + i * everyMs;
      return (
        Math.max(...subscribers.map((subscriber) => subscriber.arrivals.get(first + i) ?? Number.NaN)) - due
      );
    }),
  recordArrivals: ({ on }: { on: boolean }) => {
    for (const subscriber of subscribers) subscriber.recordsArrivals = on;
  },
  /** Cuts every connection at once. */
  drop: () => {
    for (const subscriber of subscribers) subscriber.drop();
  },
  /** All at once, each from where it was. */
  resume: openAll,
});

function sum(of: (subscriber: Subscriber) => number): number {
  return subscribers.reduce((total, subscriber) => total + of(subscriber), 0);
}
