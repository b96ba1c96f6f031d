import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import { listenOn } from '../listen-on.ts';
import { figureFor, interleave } from '../rounds.ts';
import type { Metric } from '../row.ts';

const outdir = fileURLToPath(new URL('../build/page/', import.meta.url));
const PEER = 'streamdown with defaults';
const SLOWDOWN = 6;
/** At 200 tokens a second the product's pieces, one in 40 ms, hold eight. */
const TOGETHER = 8;

type View = 'ours' | 'streamdown';

/** P10: what the main thread of a slow phone spends on an answer that grows. */
export const markdown: Metric = {
  id: 'P10',
  title: 'Streaming Markdown',
  async run({ quick, progress }) {
    await build({
      entryPoints: [fileURLToPath(new URL('markdown-page.tsx', import.meta.url))],
      outdir,
      bundle: true,
      splitting: true,
      format: 'esm',
      jsx: 'automatic',
      minify: true,
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'error',
    });
    const server = createServer(async (request, response) => {
      const path = request.url ?? '/';
      const isScript = extname(path) === '.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      if (isScript) response.end(await readFile(join(outdir, path)).catch(() => ''));
      else response.end('<!doctype html><body><script type="module" src="/markdown-page.js"></script>');
    });
    const url = `http://127.0.0.1:${await listenOn(server)}/`;
    const executablePath = existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined;
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    const [first, all] = quick ? [500, 1000] : [1000, 4000];

    /** Milliseconds of main thread for the first and for the last thousand tokens, or so many. */
    const answer = async (view: View, upTo: number): Promise<{ first: number; last: number }> => {
      const page = await browser.newPage();
      try {
        await page.goto(url);
        await page.waitForFunction('window.begin !== undefined');
        const devtools = await page.context().newCDPSession(page);
        await devtools.send('Performance.enable');
        await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
        await page.evaluate(`begin('${view}')`);
        // The renderer itself comes when the first answer does.
        await page.evaluate('grow(8, 8)');
        const grow = async (count: number): Promise<number> => {
          const before = await taskMs(devtools);
          await page.evaluate(`grow(${count}, ${view === 'ours' ? TOGETHER : 1})`);
          return (((await taskMs(devtools)) - before) / count) * 1000;
        };
        const early = await grow(first);
        let late = early;
        for (let shown = first; shown < upTo; shown += first) late = await grow(first);
        return { first: early, last: late };
      } finally {
        await page.close();
      }
    };

    try {
      const rounds = quick ? 2 : 5;
      const figures = await interleave(
        (['ours', 'streamdown'] as const).map((view) => ({
          name: view,
          async round() {
            progress(view);
            return (await answer(view, first)).first;
          },
        })),
        rounds,
        () => {},
      );
      const ends = await interleave(
        [
          {
            name: 'growth',
            async round() {
              const { first: early, last } = await answer('ours', all);
              return last / early;
            },
          },
        ],
        quick ? 1 : 3,
        () => {},
      );
      return [
        {
          metric: 'P10',
          name: `main thread for an answer that grows, ${SLOWDOWN}× throttle`,
          unit: 'ms per 1,000 tokens',
          ours: figureFor(figures, 'ours'),
          peers: [{ name: PEER, figure: figureFor(figures, 'streamdown') }],
          targets: [{ against: PEER, is: 'at most', factor: 0.5 }],
          notes: [
            `Ours gets the pieces that the server makes of 200 tokens a second, ${TOGETHER} tokens each.`,
          ],
        },
        {
          metric: 'P10',
          name: `the last ${first.toLocaleString('en')} of ${all.toLocaleString('en')} tokens ÷ the first`,
          unit: 'times',
          ours: figureFor(ends, 'growth'),
          peers: [],
          targets: [{ against: null, is: 'at most', factor: 1.2 }],
        },
      ];
    } finally {
      await browser.close();
      server.close();
    }
  },
};

async function taskMs(devtools: {
  send(method: 'Performance.getMetrics'): Promise<{ metrics: { name: string; value: number }[] }>;
}): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
}
