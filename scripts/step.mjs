import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const project = fileURLToPath(new URL('..', import.meta.url));

/** Ends a script with its message alone: what went wrong, and what to do. */
export class ScriptError extends Error {}

/**
 * Does a piece of work; if it takes more than a second, says so when that second is over and again at its end.
 *
 * @template T
 * @param {string} what what is being done, e.g. "Building the pages"
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const begun = performance.now();
  let isAnnounced = false;
  const timer = setTimeout(() => {
    isAnnounced = true;
    console.log(`${what} …`);
  }, 1000);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (isAnnounced) console.log(`${what}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
}

/**
 * Runs a command in the project and keeps its output to itself unless it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} [env] on top of this process's
 */
export async function runQuietly(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const code = await ended(child);
  if (code !== 0) throw new ScriptError(`${output}\n${[command, ...args].join(' ')} failed (${code}).`);
}

/**
 * Runs a command in the project, in full view.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} [env] on top of this process's
 * @returns {Promise<number | string>} its exit code, or what ended it
 */
export function runVisibly(command, args, env = {}) {
  /** @type {import('node:child_process').SpawnOptions} */
  const options = { cwd: project, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] };
  return ended(spawn(command, args, options));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number | string>}
 */
function ended(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

/**
 * Runs a script's main function; a ScriptError ends the process with its message, without a stack.
 *
 * @param {() => Promise<void>} main
 */
export async function runScript(main) {
  process.chdir(project);
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
