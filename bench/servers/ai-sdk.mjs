// The AI SDK's own UI message stream, one for each device, as its documentation shows it.
import { createServer } from 'node:http';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';
import { answer } from '../answer.ts';
import { listenOn } from '../listen-on.ts';

const model = createOpenAICompatible({ name: 'bench', baseURL: process.env.MODEL_URL, apiKey: 'none' })(
  'bench',
);
const server = createServer((request, response) => {
  request.resume();
  streamText({ model, prompt: 'How do I choose a topic?' }).pipeUIMessageStreamToResponse(response);
});
const port = await listenOn(server);
answer({ port: () => port });
