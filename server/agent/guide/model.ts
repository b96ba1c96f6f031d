import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3Prompt,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
  LanguageModelV3Usage,
} from '@ai-sdk/provider';
import { compose } from './compose.ts';
import { readHandbook } from './handbook.ts';
import { Retriever } from './retrieve.ts';

export interface GuideOptions {
  handbookDir: string;
  /** Milliseconds between words, so that an answer can be read as it grows. 0: all at once. */
  pace?: number;
}

/** The built-in guide as a language model of the AI SDK: what answers where no AI key is set. */
export function createGuideModel({ handbookDir, pace = 12 }: GuideOptions): LanguageModelV3 {
  const entries = readHandbook(handbookDir);
  const retriever = new Retriever(entries);

  function answer(options: LanguageModelV3CallOptions): string {
    const asked = questionsOf(options.prompt);
    if (options.responseFormat?.type === 'json') return JSON.stringify(structured(options, asked));
    return compose(retriever, asked.at(-1) ?? '', asked.at(-2) ?? null).text;
  }

  /** Titles and follow-ups are asked for as JSON, after the exchange that they are about. */
  function structured(options: LanguageModelV3CallOptions, asked: string[]): object {
    const question = asked.at(-2) ?? '';
    const wants = JSON.stringify(options.responseFormat);
    const { entry } = compose(retriever, question, null);
    if (wants.includes('"title"')) return { title: entry?.title ?? titleOf(question) };
    const questions = entry?.questions ?? entries.slice(0, 4).map((one) => one.questions[0] ?? one.title);
    return { suggestions: questions.filter((one) => !asked.includes(one)).slice(0, 5) };
  }

  return {
    specificationVersion: 'v3',
    provider: 'built-in-guide',
    modelId: 'handbook',
    supportedUrls: {},
    async doGenerate(options): Promise<LanguageModelV3GenerateResult> {
      const text = answer(options);
      return {
        content: [{ type: 'text', text }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: usageOf(options.prompt, text),
        warnings: [],
      };
    },
    async doStream(options): Promise<LanguageModelV3StreamResult> {
      const text = answer(options);
      return { stream: streamOf(text, usageOf(options.prompt, text), pace, options.abortSignal) };
    },
  };
}

function streamOf(
  text: string,
  usage: LanguageModelV3Usage,
  pace: number,
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV3StreamPart> {
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  let timer: NodeJS.Timeout | undefined;
  return new ReadableStream<LanguageModelV3StreamPart>({
    start(controller) {
      const stop = () => {
        clearTimeout(timer);
        controller.error(signal?.reason);
      };
      if (signal?.aborted) return stop();
      signal?.addEventListener('abort', stop, { once: true });
      controller.enqueue({ type: 'stream-start', warnings: [] });
      controller.enqueue({ type: 'text-start', id: 'answer' });
      const next = () => {
        const delta = words.shift();
        if (delta !== undefined) {
          controller.enqueue({ type: 'text-delta', id: 'answer', delta });
          if (pace > 0) timer = setTimeout(next, pace);
          else next();
          return;
        }
        signal?.removeEventListener('abort', stop);
        controller.enqueue({ type: 'text-end', id: 'answer' });
        controller.enqueue({ type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage });
        controller.close();
      };
      next();
    },
    cancel() {
      clearTimeout(timer);
    },
  });
}

/** What the person asked, oldest first. */
function questionsOf(prompt: LanguageModelV3Prompt): string[] {
  return prompt.flatMap((message) => {
    if (message.role !== 'user') return [];
    const text = message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
    return [text];
  });
}

function titleOf(question: string): string {
  const words = question
    .replace(/@\S+/g, '')
    .replace(/[^\p{L}\p{N}\s'’-]/gu, ' ')
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  const opener =
    /^(how|what|which|why|when|where|who|can|could|should|do|does|is|are|please|help|i|me|my|to|the|a|an|you|we|need|want|give|tell|make|many|much|hi|hello|jay)$/i;
  while (words.length > 3 && opener.test(words[0] ?? '')) words.shift();
  const title = words.slice(0, 6).join(' ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** Counted as everybody's rule of thumb has it: four characters a token. */
function usageOf(prompt: LanguageModelV3Prompt, text: string): LanguageModelV3Usage {
  const input = Math.ceil(JSON.stringify(prompt).length / 4);
  const output = Math.ceil(text.length / 4);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: output, reasoning: undefined },
  };
}
