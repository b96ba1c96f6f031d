import { createServer } from 'node:http';
import { createChannel, createSession } from 'better-sse';
import { answer } from '../answer.ts';
import { emit, messageEvent } from '../emit.ts';
import { listenOn } from '../listen-on.ts';

let serialisations = 0;
const serializer = (data) => {
  serialisations += 1;
  return JSON.stringify(data);
};
const channel = createChannel();
const server = createServer(async (request, response) => {
  const session = await createSession(request, response, { keepAlive: null, serializer });
  channel.register(session);
});
const port = await listenOn(server);
answer({
  port: () => port,
  streams: () => channel.sessionCount,
  serialisations: () => serialisations,
  emit: (plan) =>
    emit(plan, (first, count) => {
      for (let index = first; index < first + count; index += 1)
        channel.broadcast(messageEvent(index), 'message', { eventId: String(index) });
    }),
});
