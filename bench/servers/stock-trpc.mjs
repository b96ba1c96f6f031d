// tRPC's own node adapter and subscription, as its documentation shows it: an async generator for each subscriber.
import { EventEmitter, on } from 'node:events';
import { createServer } from 'node:http';
import { initTRPC, tracked } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { answer } from '../answer.ts';
import { emit, messageEvent } from '../emit.ts';
import { listenOn } from '../listen-on.ts';

const events = new EventEmitter().setMaxListeners(0);
const t = initTRPC.create({ sse: { ping: { enabled: true, intervalMs: 600_000 } } });
const router = t.router({
  subscribe: t.procedure.subscription(async function* ({ signal }) {
    for await (const [event] of on(events, 'event', { signal })) yield tracked(String(event.seq), event);
  }),
});
const server = createServer(createHTTPHandler({ router }));
const port = await listenOn(server);
let serialisations = 0;
const stringify = JSON.stringify;
JSON.stringify = (...args) => {
  serialisations += 1;
  return stringify(...args);
};
answer({
  port: () => port,
  streams: () => events.listenerCount('event'),
  serialisations: () => serialisations,
  emit: (plan) =>
    emit(plan, (first, count) => {
      for (let index = first; index < first + count; index += 1) events.emit('event', messageEvent(index));
    }),
});
