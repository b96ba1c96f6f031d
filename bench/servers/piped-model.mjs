// The provider's own answer, fetched and piped through: what any path to the model is measured against.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { answer } from '../answer.ts';
import { listenOn } from '../listen-on.ts';

const server = createServer(async (request, response) => {
  const body = await new Response(Readable.toWeb(request)).text();
  const headers = { 'content-type': 'application/json' };
  const upstream = await fetch(`${process.env.MODEL_URL}/chat/completions`, {
    method: 'POST',
    headers,
    body,
  });
  response.writeHead(upstream.status, { 'content-type': 'text/event-stream' });
  Readable.fromWeb(upstream.body).pipe(response);
});
const port = await listenOn(server);
answer({ port: () => port });
