import { estimatedTokens } from '../estimated-tokens.ts';
import { compose } from './compose.ts';
import { readConversation } from './conversation.ts';
import { readHandbook } from './handbook.ts';
import type {
  CallOptions,
  GenerateResult,
  GuideLanguageModel,
  Prompt,
  StreamPart,
  Usage,
} from './language-model.ts';
import { pacedStream } from './paced-stream.ts';
import { plainlySaid } from './remember.ts';
import { Retriever } from './retrieve.ts';
import { structuredReply } from './structured.ts';

export interface GuideOptions {
  /** The directory of the handbook's entries. */
  handbookDir: string;
  /** Milliseconds between words, so that an answer can be read as it grows. 0: all at once. */
  pace?: number;
  now?: () => Date;
}

const PACE_MS = 12;
const REMEMBER = 'remember';
const STOP = { unified: 'stop', raw: 'stop' } as const;

/**
 * The built-in guide as a language model of the AI SDK: what answers where no AI key is set. It looks the last question
 * up in the handbook; where JSON is asked for, it suggests follow-ups, a title or a summary, and with the tool "remember"
 * it notes what was said plainly.
 * @throws when the handbook cannot be read
 */
export function createGuideModel({
  handbookDir,
  pace = PACE_MS,
  now = () => new Date(),
}: GuideOptions): GuideLanguageModel {
  const retriever = new Retriever(readHandbook(handbookDir));

  function answer({ prompt, responseFormat }: CallOptions): string {
    const conversation = readConversation(prompt);
    if (responseFormat?.type === 'json')
      return JSON.stringify(structuredReply(retriever, conversation, responseFormat.schema, now()));
    return compose(retriever, conversation, now()).text;
  }

  return {
    specificationVersion: 'v3',
    provider: 'built-in-guide',
    modelId: 'handbook',
    supportedUrls: {},
    async doGenerate(options) {
      options.abortSignal?.throwIfAborted();
      const call = toolCall(options);
      if (call) return call;
      const text = answer(options);
      return {
        content: [{ type: 'text', text }],
        finishReason: STOP,
        usage: usageOf(options.prompt, text),
        warnings: [],
      };
    },
    async doStream(options) {
      options.abortSignal?.throwIfAborted();
      const text = answer(options);
      return { stream: pacedStream(partsOf(text, usageOf(options.prompt, text)), pace, options.abortSignal) };
    },
  };
}

/** The only tool that the guide knows how to use is the one that remembers. */
function toolCall({ prompt, tools }: CallOptions): GenerateResult | null {
  if (!tools?.some(({ name }) => name === REMEMBER)) return null;
  const noted = plainlySaid(readConversation(prompt));
  const isNothing = noted.memories.length === 0;
  const text = isNothing ? 'nothing' : JSON.stringify(noted);
  return {
    content: isNothing
      ? [{ type: 'text', text }]
      : [{ type: 'tool-call', toolCallId: 'noted', toolName: REMEMBER, input: text }],
    finishReason: isNothing ? STOP : { unified: 'tool-calls', raw: 'tool_calls' },
    usage: usageOf(prompt, text),
    warnings: [],
  };
}

function* partsOf(text: string, usage: Usage): Iterable<StreamPart> {
  const id = 'answer';
  yield { type: 'stream-start', warnings: [] };
  yield { type: 'text-start', id };
  for (const delta of text.match(/\S+\s*|\s+/g) ?? []) yield { type: 'text-delta', id, delta };
  yield { type: 'text-end', id };
  yield { type: 'finish', finishReason: STOP, usage };
}

function usageOf(prompt: Prompt, text: string): Usage {
  const characters = prompt.reduce((sum, { content }) => sum + lengthOf(content), 0);
  const input = estimatedTokens(characters);
  const output = estimatedTokens(text.length);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: output, reasoning: undefined },
  };
}

function lengthOf(content: Prompt[number]['content']): number {
  if (typeof content === 'string') return content.length;
  return content.reduce((sum, part) => sum + ('text' in part ? part.text.length : 0), 0);
}
