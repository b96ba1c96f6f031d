// One room, web sockets only, in-memory adapter. RECOVERY=1: connection state recovery. DEFLATE=1: compression.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { answer } from '../answer.ts';
import { emit, messageEvent } from '../emit.ts';
import { listenOn } from '../listen-on.ts';

const server = createServer();
const io = new Server(server, {
  transports: ['websocket'],
  serveClient: false,
  // Far apart, so that the load generator, which only counts, need not answer in the middle of a round.
  pingInterval: Number(process.env.PING_MS ?? 3_600_000),
  perMessageDeflate: process.env.DEFLATE === '1',
  ...(process.env.RECOVERY === '1'
    ? { connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true } }
    : {}),
});
io.on('connection', (socket) => {
  if (!socket.recovered) socket.join('room');
});
const port = await listenOn(server);
let serialisations = 0;
const stringify = JSON.stringify;
JSON.stringify = (...args) => {
  serialisations += 1;
  return stringify(...args);
};
answer({
  port: () => port,
  streams: () => io.of('/').sockets.size,
  serialisations: () => serialisations,
  emit: (plan) =>
    emit(plan, (first, count) => {
      for (let index = first; index < first + count; index += 1)
        io.to('room').emit('event', messageEvent(index));
    }),
});
