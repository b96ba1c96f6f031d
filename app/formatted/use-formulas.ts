import { useEffect, useState } from 'react';
import type { PluginConfig } from 'streamdown';
import { hasFormulas } from './formulas.ts';

let loaded: PluginConfig | undefined;

/** Typesetting of formulas, fetched for the first text that has one; until then, or with no network, it is their source. */
export function useFormulas(text: string): PluginConfig | undefined {
  const isWanted = hasFormulas(text);
  const [plugins, setPlugins] = useState(loaded);
  useEffect(() => {
    if (!isWanted || plugins) return;
    let isHere = true;
    import('./formula-plugin.ts').then(
      (module) => {
        loaded = module.plugins;
        if (isHere) setPlugins(loaded);
      },
      () => {}, // The source it is.
    );
    return () => {
      isHere = false;
    };
  }, [isWanted, plugins]);
  return isWanted ? plugins : undefined;
}
