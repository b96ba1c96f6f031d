import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles servers and load generators as the product's server is bundled, so that nothing but their own code is
 * measured. They end two levels below the project, where what they find by `import.meta.url` is found from.
 */
export async function bundleChildren(): Promise<void> {
  const entryPoints = ['servers', 'load'].flatMap((dir) =>
    readdirSync(here(dir)).map((file) => here(`${dir}/${file}`)),
  );
  await build({
    entryPoints,
    outdir: here('build'),
    entryNames: '[name]',
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
}
