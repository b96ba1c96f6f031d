// npm start: on a fresh clone installs, generates, builds and starts; later only what changed, then starts.
import './node-version.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll, serverFile } from './build.mjs';
import { project, runScript } from './step.mjs';

await runScript(async () => {
  await buildAll();
  process.env.NODE_ENV = 'production';
  process.setSourceMapsEnabled(true);
  // In this very process: signals reach the server, and its exit code is npm's.
  await import(pathToFileURL(join(project, serverFile)).href);
});
