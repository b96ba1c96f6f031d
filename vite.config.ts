import { vitePlugin as remix } from '@remix-run/dev';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import remixConfig from './remix.config.js';
import { pageChunks } from './scripts/page-chunks.mjs';
import { withoutJsonSchemas } from './scripts/without-json-schemas.mjs';

export default defineConfig(({ isSsrBuild }) => ({
  // Everything the pages need is found before the first of them is opened: a library found later reloads the page.
  optimizeDeps: {
    entries: ['app/entry.client.tsx', 'app/root.tsx', 'app/routes/**/*.tsx'],
    include: ['streamdown'],
  },
  build: isSsrBuild ? {} : { rollupOptions: { output: { manualChunks: pageChunks() } } },
  // A module, as it is run: of what its rooms fetch later it fetches nothing.
  worker: { format: 'es' },
  resolve: { dedupe: ['react', 'react-dom'] },
  plugins: [withoutJsonSchemas, tailwindcss(), remix(remixConfig)],
}));
