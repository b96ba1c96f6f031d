import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProvider, type Provider } from '../../server/agent/providers/provider.ts';

interface ChatRequest {
  stream?: boolean;
  messages: { role: string; content: string }[];
  response_format?: { type: string };
  tools?: { function: { name: string } }[];
}

/** One request that the model got, and what it says to it. */
export class ModelCall {
  /** Resolves once the client is gone, whoever ended it. */
  readonly closed: Promise<void>;
  isClosed = false;

  constructor(
    readonly body: ChatRequest,
    readonly key: string | undefined,
    private readonly response: ServerResponse,
  ) {
    this.closed = new Promise((resolve) => {
      response.once('close', () => {
        this.isClosed = true;
        resolve();
      });
    });
  }

  get lastWords(): string {
    return this.body.messages.at(-1)?.content ?? '';
  }

  begin(): this {
    if (!this.response.headersSent) this.response.writeHead(200, { 'content-type': 'text/event-stream' });
    return this;
  }

  say(...texts: string[]): this {
    for (const content of texts) this.chunk({ choices: [{ index: 0, delta: { content } }] });
    return this;
  }

  chunk(data: object): this {
    return this.raw(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', ...data })}\n\n`);
  }

  raw(bytes: string | Uint8Array): this {
    this.begin().response.write(bytes);
    return this;
  }

  finish(promptTokens = 12, completionTokens = 5): void {
    this.chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    this.chunk({ choices: [], usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens } });
    this.raw('data: [DONE]\n\n').end();
  }

  end(): void {
    this.response.end();
  }

  reset(): void {
    this.response.destroy();
  }

  refuse(status: number, headers: Record<string, string> = {}, message = 'no'): void {
    this.response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.response.end(JSON.stringify({ error: { message } }));
  }

  reply(content: string): void {
    this.#choose({ role: 'assistant', content }, 'stop');
  }

  callTool(name: string, input: unknown): void {
    const call = { id: 'call', type: 'function', function: { name, arguments: JSON.stringify(input) } };
    this.#choose({ role: 'assistant', content: null, tool_calls: [call] }, 'tool_calls');
  }

  /** What this request wants; null for an answer. */
  get wish(): Wish | null {
    if (this.body.stream) return null;
    if (this.body.tools) return 'memory';
    if (this.lastWords.includes('"title"')) return 'title';
    return this.lastWords.includes('"summary"') ? 'summary' : 'suggestions';
  }

  get system(): string {
    return this.body.messages.flatMap(({ role, content }) => (role === 'system' ? [content] : [])).join('\n');
  }

  #choose(message: object, finish_reason: string): void {
    this.response.writeHead(200, { 'content-type': 'application/json' });
    this.response.end(JSON.stringify({ id: 'c', choices: [{ index: 0, message, finish_reason }] }));
  }
}

/** What is asked beside an answer. */
export type Wish = 'suggestions' | 'title' | 'summary' | 'memory';

export interface ScriptedModel {
  /** This server alone: nobody stands in for it. */
  provider: Provider;
  /** What a server process is told to reach it. */
  env: Record<string, string>;
  settings: { apiKey: string; baseUrl: string; model: string };
  /** Requests for an answer, in order. */
  answers: ModelCall[];
  /** Requests for follow-ups and titles. */
  wishes: ModelCall[];
  /** Resolves with the n-th request for an answer, counted from 1. */
  asked(n: number): Promise<ModelCall>;
  close(): Promise<void>;
}

export interface Script {
  onAnswer?(call: ModelCall, n: number): void;
  onWish?(call: ModelCall): void;
}

/** A server that speaks OpenAI's protocol over a real socket and says what a test tells it to. It counts its calls. */
export async function startScriptedModel(script: Script = {}): Promise<ScriptedModel> {
  const answers: ModelCall[] = [];
  const wishes: ModelCall[] = [];
  const waiting = new Set<() => void>();
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const piece of request.setEncoding('utf8')) text += piece;
    // Written by the AI SDK.
    const call = new ModelCall(JSON.parse(text) as ChatRequest, request.headers.authorization, response);
    if (call.body.stream) {
      answers.push(call);
      script.onAnswer?.(call, answers.length);
      for (const look of [...waiting]) look();
    } else {
      wishes.push(call);
      if (script.onWish) script.onWish(call);
      else call.reply('{}');
    }
  };
  const server = createServer((request, response) => void onRequest(request, response).catch(() => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listens on a port, not on a pipe
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  const settings = { apiKey: 'sk-secret', baseUrl, model: 'scripted' };
  return {
    env: {
      OPENAI_API_KEY: settings.apiKey,
      OPENAI_BASE_URL: settings.baseUrl,
      OPENAI_MODEL: settings.model,
    },
    provider: createProvider([settings], null),
    settings,
    answers,
    wishes,
    asked: (n) =>
      new Promise((resolve) => {
        const look = () => {
          const call = answers[n - 1];
          if (!call) return;
          waiting.delete(look);
          resolve(call);
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
