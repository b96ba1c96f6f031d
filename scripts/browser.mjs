import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runQuietly, ScriptError, step } from './step.mjs';

/** What Chromium needs to run as root, and to ask nobody for anything while it does. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The browser that stories are told in: CHROME_PATH, the system's Chromium or Chrome, or Playwright's own.
 *
 * @returns {Promise<string | null>}
 */
export async function findBrowser() {
  const { CHROME_PATH, PATH = '' } = process.env;
  if (CHROME_PATH) {
    if (isExecutable(CHROME_PATH)) return CHROME_PATH;
    throw new ScriptError(`CHROME_PATH holds "${CHROME_PATH}": it takes the path of a Chromium or Chrome.`);
  }
  const directories = ['/usr/bin', ...PATH.split(delimiter)];
  const candidates = [
    ...names.flatMap((name) => directories.map((directory) => join(directory, name))),
    ...elsewhere,
  ];
  const found = candidates.find(isExecutable);
  if (found) return found;
  const { chromium } = await import('@playwright/test');
  return isExecutable(chromium.executablePath()) ? chromium.executablePath() : null;
}

/**
 * Finds a browser, or installs one: Debian's as root, else the one that Playwright downloads.
 *
 * @returns {Promise<string>}
 */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found) return found;
  await step('Installing a browser', async () => {
    if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
      const env = { DEBIAN_FRONTEND: 'noninteractive' };
      const isInstalled = await runQuietly('apt-get', ['update'], env)
        .then(() => runQuietly('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], env))
        .then(
          () => true,
          () => false,
        );
      if (isInstalled) return;
    }
    await runQuietly(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']).catch(
      () => {},
    );
  });
  const installed = await findBrowser();
  if (installed) return installed;
  throw new ScriptError(
    'The stories need a browser and none could be installed: install Chromium or Chrome, or set CHROME_PATH to one.',
  );
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
