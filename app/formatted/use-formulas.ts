import type { PluginConfig } from 'streamdown';
import { makePart } from '../parts/part.ts';
import { usePart } from '../parts/use-part.ts';
import { hasFormulas } from './formulas.ts';

const formulas = makePart(async () => (await import('./formula-plugin.ts')).plugins);

/** Typesetting of formulas, fetched for the first text that has one; until it is here, they are their source. */
export function useFormulas(text: string): PluginConfig | undefined {
  const isWanted = hasFormulas(text);
  const plugins = usePart(formulas, isWanted);
  return isWanted && plugins ? plugins : undefined;
}
