import { newSessionId, UserId } from '../../protocol/ids.ts';
import { composer, log } from '../../tests/support/people.ts';
import { exact, type Figure, figureOf, type Metric, type Row } from '../row.ts';
import { type DevicePage, taskMs, withDevice } from './device-page.ts';

const KEYS = 'the quick brown fox jumps over the lazy dog';

interface Measured {
  size: number;
  frames: Figure;
  ms: Figure;
  typing: Figure;
  scrolling: Figure;
}

/** P12: from the tap to the message on screen, and typing and scrolling, with many messages and with few. */
export const screen: Metric = {
  id: 'P12',
  title: 'The screen',
  run: ({ quick, progress }) =>
    withDevice(async (device) => {
      await device.context.setOffline(true);
      const few = await measure(device, 100, progress);
      const many = await measure(device, quick ? 20_000 : 100_000, progress);
      const named = (size: number) => `${size.toLocaleString('en')} stored`;
      const taps = [few, many].map(
        ({ size, frames, ms }): Row => ({
          metric: 'P12',
          name: `from the tap to the message on screen, ${named(size)}`,
          unit: 'frames',
          ours: frames,
          peers: [],
          targets: [{ against: null, is: 'at most', factor: 2 }],
          notes: [`${ms.value.toFixed(1)} ms (${ms.low.toFixed(1)}–${ms.high.toFixed(1)})`],
        }),
      );
      const growth = (['typing', 'scrolling'] as const).map(
        (what): Row => ({
          metric: 'P12',
          name: `${what}, main thread with ${named(many.size)} ÷ with ${few.size}`,
          unit: 'times',
          ours: exact(many[what].value / few[what].value),
          peers: [],
          targets: [{ against: null, is: 'at most', factor: 1.2 }],
          notes: [`${many[what].value.toFixed(2)} ms and ${few[what].value.toFixed(2)} ms for each step`],
        }),
      );
      return [...taps, ...growth];
    }),
};

async function measure(
  { context, page, userId, ask }: DevicePage,
  size: number,
  progress: (text: string) => void,
): Promise<Measured> {
  progress(`a conversation of ${size}`);
  const sessionId = newSessionId();
  await ask('fill', UserId.parse(userId), sessionId, size);
  await page.goto(`/chat/${sessionId}`);
  await log(page).getByText(`message ${size} `).waitFor();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');

  const typing: number[] = [];
  const scrolling: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await composer(page).fill('');
    const before = await taskMs(devtools);
    await composer(page).pressSequentially(KEYS);
    const typed = await taskMs(devtools);
    typing.push((typed - before) / KEYS.length);
    const steps = await page.evaluate(scroll);
    scrolling.push(((await taskMs(devtools)) - typed) / steps);
  }
  const taps: { frames: number; ms: number }[] = [];
  for (let round = 0; round < 9; round += 1) {
    const text = `tapped ${round} of ${size}`;
    await composer(page).fill(text);
    taps.push(await page.evaluate(tap, text));
    // The field is free once the message is stored.
    await page.waitForFunction(() => document.querySelector('textarea')?.value === '');
  }
  await devtools.detach();
  return {
    size,
    frames: figureOf(taps.map((one) => one.frames)),
    ms: figureOf(taps.map((one) => one.ms)),
    typing: figureOf(typing),
    scrolling: figureOf(scrolling),
  };
}

/** In the page: presses Send at the beginning of a frame and counts those that begin before the text is in the log. */
function tap(text: string): Promise<{ frames: number; ms: number }> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const start = performance.now();
      let frames = 0;
      const look = () => {
        frames += 1;
        if (document.querySelector('[role=log]')?.textContent?.includes(text))
          resolve({ frames, ms: performance.now() - start });
        else requestAnimationFrame(look);
      };
      document.querySelector<HTMLButtonElement>('button[aria-label=Send]')?.click();
      requestAnimationFrame(look);
    });
  });
}

/** In the page: scrolls up from the end, one step a frame. @returns the number of steps */
function scroll(): Promise<number> {
  return new Promise((resolve) => {
    const list = document.querySelector('[role=log]');
    if (!list) throw new Error('There is no log.');
    list.scrollTop = list.scrollHeight;
    let steps = 0;
    const step = () => {
      list.scrollTop -= 100;
      steps += 1;
      if (steps < 40) requestAnimationFrame(step);
      else resolve(steps);
    };
    requestAnimationFrame(step);
  });
}
