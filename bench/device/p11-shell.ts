import type { Page } from '@playwright/test';
import { newSessionId, UserId } from '../../protocol/ids.ts';
import { weighEntryScripts } from '../../tests/support/entry-scripts.ts';
import { askAgentJay, log } from '../../tests/support/people.ts';
import { exact, figureOf, type Metric } from '../row.ts';
import { withDevice } from './device-page.ts';

const SLOWDOWN = 4;
const LAST = 'message 500 ';

/** P11: what the chat screen is made of, and how it opens with no network. */
export const shell: Metric = {
  id: 'P11',
  title: 'The app shell',
  run: ({ quick, progress }) =>
    withDevice(async ({ page, context, userId, ask }) => {
      progress('entry JavaScript of a conversation');
      await askAgentJay(page);
      await page.reload();
      const entry = await weighEntryScripts(page);

      progress('offline cold start');
      const sessionId = newSessionId();
      await context.setOffline(true);
      await ask('fill', UserId.parse(userId), sessionId, 500);
      await context.addInitScript(noteWhenSeen, LAST);
      const times: number[] = [];
      let received = 0;
      for (let round = 0; round < (quick ? 3 : 7); round += 1) {
        const tab = await context.newPage();
        tab.on('response', (response) => {
          if (response.fromServiceWorker() || response.url().startsWith('data:')) return;
          received += Number(response.headers()['content-length'] ?? 1);
        });
        const devtools = await context.newCDPSession(tab);
        await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
        times.push(await openOffline(tab, `/chat/${sessionId}`));
        await tab.close();
      }
      return [
        {
          metric: 'P11',
          name: 'entry JavaScript of a conversation, gzip',
          unit: 'KB',
          ours: exact(entry.bytes / 1000),
          peers: [],
          targets: [{ against: null, is: 'at most', factor: 139 }],
          notes: [`${entry.files} files, as the page names them`],
        },
        {
          metric: 'P11',
          name: 'received from the network in a start without one',
          unit: 'bytes',
          ours: exact(received),
          peers: [],
          targets: [{ against: null, is: 'exactly', factor: 0 }],
        },
        {
          metric: 'P11',
          name: `offline cold start to the last message, ${SLOWDOWN}× throttle`,
          unit: 'ms',
          ours: figureOf(times),
          peers: [],
          targets: [{ against: null, is: 'at most', factor: 1_000 }],
        },
      ];
    }),
};

/** In the page, before anything else: notes when a text first stands in the log. */
function noteWhenSeen(wanted: string): void {
  const look = () => {
    if (document.querySelector('[role=log]')?.textContent?.includes(wanted))
      Object.assign(globalThis, { seenAt: performance.now() });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Milliseconds from the start of the navigation until the last message of the conversation is on screen. */
async function openOffline(page: Page, path: string): Promise<number> {
  await page.goto(path);
  await log(page).getByText(LAST).first().waitFor();
  await page.waitForFunction('globalThis.seenAt !== undefined');
  return page.evaluate(() => (globalThis as unknown as { seenAt: number }).seenAt); // left there by noteWhenSeen
}
