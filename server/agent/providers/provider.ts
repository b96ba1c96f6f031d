import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModel } from 'ai';
import type { AgentInfo } from '../../../protocol/shapes.ts';

/** One model that can answer, and how it is named on its answers. */
export interface Speaker {
  model: LanguageModel;
  provider: string;
  modelId: string;
  label: string;
}

export interface Provider {
  info: AgentInfo;
  /** Never empty. The first answers; others may stand in for it one day. */
  chain: readonly [Speaker, ...Speaker[]];
}

export interface OpenaiSettings {
  apiKey: string | null;
  baseUrl: string | null;
  model: string;
}

/** Named here, because the SDK would look into the environment for another. */
const OPENAI = 'https://api.openai.com/v1';

/** The only place that knows which model answers: OpenAI, any server that speaks its protocol, or the built-in guide. */
export function createProvider(openai: OpenaiSettings | null, guide: LanguageModel): Provider {
  const speaker = openai ? speakerOf(openai) : builtIn(guide);
  const { provider, modelId: model, label } = speaker;
  return { info: { provider, model, label }, chain: [speaker] };
}

function speakerOf({ apiKey, baseUrl, model }: OpenaiSettings): Speaker {
  if (baseUrl === null) {
    const openai = createOpenAI({ apiKey: apiKey ?? '', baseURL: OPENAI });
    // Chat Completions, as every compatible server speaks it: OpenAI keeps nothing of it unless asked to.
    return { model: openai.chat(model), provider: 'openai', modelId: model, label: `OpenAI · ${model}` };
  }
  const compatible = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: baseUrl,
    includeUsage: true,
    supportsStructuredOutputs: true,
    ...(apiKey === null ? {} : { apiKey }),
  });
  return {
    model: compatible(model),
    provider: 'openai-compatible',
    modelId: model,
    label: `${model} · ${new URL(baseUrl).host}`,
  };
}

function builtIn(guide: LanguageModel): Speaker {
  return {
    model: guide,
    provider: 'built-in-guide',
    modelId: 'handbook',
    label: 'Built-in guide · no AI key set',
  };
}
