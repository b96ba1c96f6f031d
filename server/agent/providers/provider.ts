import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModel } from 'ai';
import type { AgentInfo } from '../../../protocol/shapes.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

/** One model that can answer, and how it is named on its answers. */
export interface Speaker {
  model: LanguageModel;
  provider: string;
  modelId: string;
  label: string;
  /** Costs nothing, needs no network, and says the same to the same question. */
  isBuiltIn: boolean;
  /** Can look at pictures, as far as its name tells. */
  sees: boolean;
  breaker: CircuitBreaker;
}

export interface Provider {
  info: AgentInfo;
  /** Never empty. The first answers; the next stands in where one cannot. */
  chain: readonly [Speaker, ...Speaker[]];
}

export interface OpenaiSettings {
  apiKey: string | null;
  baseUrl: string | null;
  model: string;
}

/** Named here, because the SDK would look into the environment for another. */
export const OPENAI = 'https://api.openai.com/v1';

/**
 * The only place that knows which models answer: OpenAI, any server that speaks its protocol, and behind them the
 * built-in guide.
 * @param services in the order in which they are asked
 * @param guide null: nobody stands in for the services
 */
export function createProvider(services: readonly OpenaiSettings[], guide: LanguageModel | null): Provider {
  const [speaker, ...rest] = [
    ...services.map(speakerOf),
    ...(guide === null ? [] : [builtIn(guide, services.length === 0)]),
  ];
  if (!speaker) throw new Error('somebody must answer');
  const { provider, modelId: model, label } = speaker;
  return { info: { provider, model, label }, chain: [speaker, ...rest] };
}

/** Families of models that take pictures; others would refuse the whole question. */
const SEEING =
  /gpt-4o|gpt-4\.1|gpt-4-turbo|gpt-4-vision|gpt-5|^o[134](?!.*mini-2024)|vision|llava|pixtral|gemini|claude|qwen.*vl|gemma-?3|llama-?(3\.2.*(11|90)b|4)|minicpm-v|internvl/i;

function speakerOf({ apiKey, baseUrl, model }: OpenaiSettings): Speaker {
  const shared = {
    modelId: model,
    isBuiltIn: false,
    sees: SEEING.test(model),
    breaker: new CircuitBreaker(),
  };
  if (baseUrl === null) {
    const openai = createOpenAI({ apiKey: apiKey ?? '', baseURL: OPENAI });
    // Chat Completions, as every compatible server speaks it: OpenAI keeps nothing of it unless asked to.
    return { ...shared, model: openai.chat(model), provider: 'openai', label: `OpenAI · ${model}` };
  }
  const compatible = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: baseUrl,
    includeUsage: true,
    supportsStructuredOutputs: true,
    ...(apiKey === null ? {} : { apiKey }),
  });
  return {
    ...shared,
    model: compatible(model),
    provider: 'openai-compatible',
    label: `${model} · ${new URL(baseUrl).host}`,
  };
}

function builtIn(guide: LanguageModel, isAlone: boolean): Speaker {
  return {
    model: guide,
    provider: 'built-in-guide',
    modelId: 'handbook',
    label: isAlone ? 'Built-in guide · no AI key set' : 'Built-in guide',
    isBuiltIn: true,
    sees: false,
    breaker: new CircuitBreaker(),
  };
}
