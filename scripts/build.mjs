// What has to be made before the server can start: Prisma's client, the pages (Remix), and the server in one file.
import './node-version.mjs';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMissing } from './install.mjs';
import { project, runQuietly, runScript, step } from './step.mjs';

/**
 * Where `npm start` finds the server: two levels below the project, as are the files of server/<room>/, so that what
 * they find by `import.meta.url` is found from here too.
 */
export const serverFile = 'build/server/app.js';
/** Beside it: the commands of operators. */
export const adminFile = 'build/server/admin.js';

/**
 * @typedef {object} Unit something made from files, and made again only when their content changes
 * @property {string} name
 * @property {string} what for the progress line
 * @property {string[]} inputs files and directories
 * @property {string} output a file that is there once the unit has been made
 * @property {() => Promise<void>} make
 */

/** @type {Unit} */
const client = {
  name: 'generate',
  what: 'Generating the database client',
  inputs: ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'],
  output: 'server/store/generated/client.ts',
  // Prisma's commands download a schema engine, which this one never runs, unless told of an existing file.
  make: () =>
    runQuietly(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], {
      PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? join(project, 'package.json'),
    }),
};

/** @type {Unit} */
const pages = {
  name: 'pages',
  what: 'Building the pages',
  inputs: [
    'app',
    'public',
    'protocol',
    'remix.config.js',
    'vite.config.ts',
    'tsconfig.json',
    'package-lock.json',
  ],
  output: 'build/server/remix.js',
  make: () =>
    runQuietly(process.execPath, ['node_modules/@remix-run/dev/dist/cli.js', 'vite:build'], {
      NODE_ENV: 'production',
    }),
};

/** Of the client's files, those that the app shell never needs. */
const notPrecached = ['icons/screenshot-*', 'sw.js'];

/** @type {Unit} */
const serviceWorker = {
  name: 'service-worker',
  what: 'Building the service worker',
  inputs: [...pages.inputs, 'server/http/security-headers.ts', 'scripts/build.mjs'],
  output: 'build/client/sw.js',
  async make() {
    // Vite, as for the pages: esbuild would keep every language of zod's messages.
    const { build } = await import('vite');
    const { injectManifest } = await import('workbox-build');
    const outDir = join(project, '.cache/service-worker');
    await build({
      root: project,
      configFile: false,
      publicDir: false,
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
      build: {
        outDir,
        emptyOutDir: true,
        target: 'es2022',
        lib: {
          entry: 'app/service-worker/service-worker.ts',
          formats: ['iife'],
          name: 'serviceWorker',
          fileName: () => 'sw.js',
        },
      },
    });
    const shellUrls = await readShellUrls();
    // Pages are rendered by the server: whatever they are made of is their revision.
    const revision = digestOf(serviceWorker);
    const { warnings, count } = await injectManifest({
      swSrc: join(outDir, 'sw.js'),
      swDest: join(project, serviceWorker.output),
      globDirectory: join(project, 'build/client'),
      globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
      globIgnores: notPrecached,
      dontCacheBustURLsMatching: /-[\w-]{8}\.(js|css)$/,
      modifyURLPrefix: { '': '/' },
      additionalManifestEntries: shellUrls.map((url) => ({ url, revision })),
    });
    if (warnings.length > 0 || count <= shellUrls.length)
      throw new Error(`The service worker would precache ${count} files. ${warnings.join(' ')}`);
  },
};

/** @returns {Promise<string[]>} as the service worker itself has them */
async function readShellUrls() {
  const { build } = await import('esbuild');
  const entryPoints = [join(project, 'app/service-worker/shell-pages.ts')];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', write: false });
  const module = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);
  return module.shellUrls;
}

/** @type {Unit} */
const server = {
  name: 'server',
  what: 'Building the server',
  inputs: [
    'server',
    'protocol',
    'prisma/schema.prisma',
    'scripts/build.mjs',
    'tsconfig.json',
    'package-lock.json',
  ],
  output: serverFile,
  async make() {
    const { build } = await import('esbuild');
    await build({
      absWorkingDir: project,
      entryPoints: { app: 'server/index.ts', admin: 'server/admin.ts' },
      outdir: dirname(serverFile),
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'linked',
      logLevel: 'silent',
    });
  },
};

/** Makes what is out of date, with the packages that this needs. */
export async function buildAll() {
  const isFresh = [pages, serviceWorker, server].every(isUpToDate);
  await installMissing({ needsDev: !isFresh });
  if (isFresh) return;
  await make(client);
  // In this order: Remix empties build/ before it writes there.
  await make(pages);
  await make(serviceWorker);
  await make(server);
}

/** Makes Prisma's client alone: for development, and for the type checker. */
export async function generateClient() {
  await installMissing({ needsDev: true });
  await make(client);
}

/** @param {Unit} unit */
async function make(unit) {
  if (isUpToDate(unit)) return;
  rmSync(stampOf(unit), { force: true });
  const digest = digestOf(unit);
  await step(unit.what, unit.make);
  mkdirSync(dirname(stampOf(unit)), { recursive: true });
  writeFileSync(stampOf(unit), digest);
}

/** @param {Unit} unit */
function isUpToDate(unit) {
  const stamp = stampOf(unit);
  return (
    existsSync(join(project, unit.output)) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === digestOf(unit)
  );
}

/** @param {Unit} unit */
function stampOf(unit) {
  return join(project, '.cache', 'built', unit.name);
}

/** @param {Unit} unit */
function digestOf(unit) {
  const hash = createHash('sha256');
  for (const file of unit.inputs.flatMap(filesUnder)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(project, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]} sorted; without tests and generated files
 */
function filesUnder(path) {
  if (!existsSync(join(project, path))) return [];
  /** @type {string[]} */
  const found = [];
  const entries = readDirectory(path);
  if (entries === null) return [path];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === 'generated' || /\.test\.tsx?$/.test(entry.name)) continue;
    found.push(...filesUnder(`${path}/${entry.name}`));
  }
  return found;
}

/** @param {string} path */
function readDirectory(path) {
  try {
    return readdirSync(join(project, path), { withFileTypes: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return null;
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(process.argv[2] === 'client' ? generateClient : buildAll);
}
