/**
 * Dollars per million tokens, which is micro-dollars per token: what is put in, what comes out. By the beginning of a
 * model's name, longer ones first. Models that are not here have no known price. Edit this table when prices change.
 */
const PRICES: readonly (readonly [model: string, input: number, output: number])[] = [
  ['gpt-4o-mini', 0.15, 0.6],
  ['gpt-4o', 2.5, 10],
  ['gpt-4.1-nano', 0.1, 0.4],
  ['gpt-4.1-mini', 0.4, 1.6],
  ['gpt-4.1', 2, 8],
  ['gpt-5-nano', 0.05, 0.4],
  ['gpt-5-mini', 0.25, 2],
  ['gpt-5', 1.25, 10],
  ['o3-mini', 1.1, 4.4],
  ['o4-mini', 1.1, 4.4],
  ['o3', 2, 8],
];

/** @returns millionths of a dollar; null where no price is known: only OpenAI's own prices are */
export function costMicros(
  provider: string,
  model: string,
  promptTokens: number,
  completionTokens: number,
): number | null {
  if (provider === 'built-in-guide') return 0;
  const price = provider === 'openai' ? PRICES.find(([name]) => model.startsWith(name)) : undefined;
  if (!price) return null;
  const [, input, output] = price;
  return Math.round(promptTokens * input + completionTokens * output);
}
