import type { LanguageModel } from 'ai';

// The interface that the AI SDK asks of a model, taken from `ai` itself so that both are always of one version.
export type GuideLanguageModel = Extract<
  Exclude<LanguageModel, string>,
  { readonly specificationVersion: 'v3' }
>;
export type CallOptions = Parameters<GuideLanguageModel['doStream']>[0];
export type Prompt = CallOptions['prompt'];
export type GenerateResult = Awaited<ReturnType<GuideLanguageModel['doGenerate']>>;
export type StreamResult = Awaited<ReturnType<GuideLanguageModel['doStream']>>;
export type StreamPart = StreamResult['stream'] extends ReadableStream<infer Part> ? Part : never;
export type Usage = GenerateResult['usage'];
