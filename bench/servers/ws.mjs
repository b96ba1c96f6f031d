import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { answer } from '../answer.ts';
import { emit, messageEvent } from '../emit.ts';
import { listenOn } from '../listen-on.ts';

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: true });
const port = await listenOn(server);
let serialisations = 0;
answer({
  port: () => port,
  streams: () => sockets.clients.size,
  serialisations: () => serialisations,
  emit: (plan) =>
    emit(plan, (first, count) => {
      for (let index = first; index < first + count; index += 1) {
        serialisations += 1;
        const bytes = Buffer.from(JSON.stringify(messageEvent(index)));
        for (const socket of sockets.clients) socket.send(bytes, { binary: false });
      }
    }),
});
