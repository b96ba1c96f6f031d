// A model behind OpenAI's protocol that thinks for a while and then speaks at a steady pace.
import { createServer, type ServerResponse } from 'node:http';
import { answer } from '../answer.ts';
import { listenOn } from '../listen-on.ts';

let plan = { thinkMs: 250, tokens: 20, perSecond: 200 };

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (piece) => (body += piece));
  request.on('end', () => {
    if (JSON.parse(body).stream === true) void speak(response);
    else {
      const message = {
        role: 'assistant',
        content: '{"suggestions":["One?","Two?","Three?"],"title":"Bench"}',
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'c', choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    }
  });
});

async function speak(response: ServerResponse): Promise<void> {
  const { thinkMs, tokens, perSecond } = plan;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  const chunk = (choice: object, more: object = {}) =>
    response.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }], ...more })}\n\n`,
    );
  const start = performance.now() + thinkMs;
  for (let i = 0; i < tokens; i += 1) {
    const early = start + (i * 1000) / perSecond - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    chunk({ delta: { content: `word${i} ` } });
  }
  chunk({ delta: {}, finish_reason: 'stop' }, { usage: { prompt_tokens: 10, completion_tokens: tokens } });
  response.end('data: [DONE]\n\n');
}

const port = await listenOn(server);
answer({
  port: () => port,
  plan: (given: typeof plan) => {
    plan = given;
  },
});
