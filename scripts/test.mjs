// npm test: everything. Unit and integration tests (vitest), then people's stories in a browser (Playwright).
// The last line says how many passed, failed and were skipped.
import './node-version.mjs';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { buildAll } from './build.mjs';
import { installMissing } from './install.mjs';
import { project, runScript, runVisibly, ScriptError, step } from './step.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const results = join(project, '.cache', 'test-results');

await runScript(async () => {
  await installMissing({ needsDev: true });
  await buildAll();
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });

  const counts = [await runVitest(), await runStories()];
  const total = (/** @type {keyof Count} */ key) => counts.reduce((sum, count) => sum + count[key], 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  process.exit(total('failed') > 0 ? 1 : 0);
});

/** @returns {Promise<Count>} */
async function runVitest() {
  const file = join(results, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runVisibly(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters]);
  return count('vitest', code, () => {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = readJson(file);
    // A file that could not even be loaded has no tests to fail.
    const unloaded = testResults.filter(
      (/** @type {any} */ one) => one.status === 'failed' && one.assertionResults.length === 0,
    );
    return {
      passed: numPassedTests,
      failed: numFailedTests + unloaded.length,
      skipped: numPendingTests + numTodoTests,
    };
  });
}

/** @returns {Promise<Count>} */
async function runStories() {
  let browser;
  try {
    browser = await step('Looking for a browser', ensureBrowser);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    console.error(error.message);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const file = join(results, 'playwright.json');
  const args = ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'];
  const code = await runVisibly(process.execPath, args, {
    CHROME_PATH: browser,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  return count('Playwright', code, () => {
    const { expected, flaky, unexpected, skipped } = readJson(file).stats;
    return { passed: expected + flaky, failed: unexpected, skipped };
  });
}

/**
 * A runner that failed without a failed test (an unhandled error, a crash) counts as one failure.
 *
 * @param {string} runner
 * @param {number | string} code
 * @param {() => Count} read
 * @returns {Count}
 */
function count(runner, code, read) {
  let counted = { passed: 0, failed: 0, skipped: 0 };
  try {
    counted = read();
  } catch (error) {
    console.error(`${runner} left no results: ${error instanceof Error ? error.message : error}`);
    counted.failed = 1;
  }
  if (code !== 0 && counted.failed === 0) {
    console.error(`${runner} ended with ${code} though no test failed; see above.`);
    counted.failed = 1;
  }
  return counted;
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
