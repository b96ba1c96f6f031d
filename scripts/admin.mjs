// npm run admin -- <command>: what an operator does with the database beside the server; see docs/operations.md.
import './node-version.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { adminFile, buildAll } from './build.mjs';
import { project, runScript } from './step.mjs';

await runScript(async () => {
  await buildAll();
  process.env.NODE_ENV = 'production';
  await import(pathToFileURL(join(project, adminFile)).href);
});
