// npm run dev: the server from its sources, restarted when one of them changes; pages change in place through Vite.
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { generateClient } from './build.mjs';
import { project, runScript } from './step.mjs';

await runScript(async () => {
  await generateClient();
  const args = ['node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false', 'server/index.ts'];
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, NODE_ENV: 'development' };
  const server = spawn(process.execPath, args, { cwd: project, env, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => server.kill(signal));
  server.once('exit', (code) => process.exit(code ?? 1));
});
