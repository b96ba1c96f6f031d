import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import type { RequestHandler } from 'express';

/** Where pages and their assets come from: what was built, or Vite while they are being written. */
export interface ClientSource {
  client: { dir: string } | { development: RequestHandler };
  build: ServerBuild | (() => Promise<ServerBuild>);
  close(): Promise<void>;
}

export async function builtClient(): Promise<ClientSource> {
  const dir = fileURLToPath(new URL('../../build/client', import.meta.url));
  const serverBuild = fileURLToPath(new URL('../../build/server/remix.js', import.meta.url));
  if (!existsSync(dir) || !existsSync(serverBuild))
    throw new Error('The pages are not built: npm run build makes them.');
  const build: ServerBuild = await import(pathToFileURL(serverBuild).href);
  return { client: { dir }, build, close: async () => {} };
}

/** Hot reload, over a web socket of the same server: Vite serves the client and compiles the pages as they change. */
export async function developmentClient(server: Server): Promise<ClientSource> {
  const { createServer } = await import('vite');
  const vite = await createServer({ server: { middlewareMode: true, hmr: { server } }, appType: 'custom' });
  return {
    client: { development: vite.middlewares },
    // Vite types its modules loosely; this one is Remix's own.
    build: async () => (await vite.ssrLoadModule('virtual:remix/server-build')) as ServerBuild,
    close: () => vite.close(),
  };
}
