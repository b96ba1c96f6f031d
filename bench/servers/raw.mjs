// The limit of one write per event: a shared buffer written to each socket of a plain http event stream.
import { createServer } from 'node:http';
import { answer } from '../answer.ts';
import { emit, messageEvent } from '../emit.ts';
import { listenOn } from '../listen-on.ts';

const responses = new Set();
const server = createServer((_request, response) => {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    connection: 'close',
  });
  response.useChunkedEncodingByDefault = false;
  response.write(':\n\n');
  response.socket.setNoDelay(true);
  responses.add(response);
  response.once('close', () => responses.delete(response));
});
const port = await listenOn(server);
let serialisations = 0;
answer({
  port: () => port,
  streams: () => responses.size,
  serialisations: () => serialisations,
  emit: (plan) =>
    emit(plan, (first, count) => {
      for (let index = first; index < first + count; index += 1) {
        serialisations += 1;
        const bytes = Buffer.from(`data: ${JSON.stringify(messageEvent(index))}\nid: ${index}\n\n`);
        for (const response of responses) response.socket.write(bytes);
      }
    }),
});
