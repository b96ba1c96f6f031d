import { expect, it } from 'vitest';
import { FewAtATime } from './few-at-a-time.ts';

it('lets so many through at a time, the others in their order, and refuses those for whom there is no room', async () => {
  const gate = new FewAtATime({ atOnce: 2, waitingAtMost: 3 }, 'Come back later.');
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (i: number) =>
    gate.run(async () => {
      begun.push(i);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (i === 1) throw new Error('one that fails makes room too');
      return i;
    });
  const done = Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  for (const more of [3, 4, 5, 5, 5]) {
    ends.shift()?.();
    await expect.poll(() => begun.length).toBe(more);
  }
  const [, failed, , , , refused] = await done;
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(failed).toMatchObject({ status: 'rejected' });
  expect(refused).toMatchObject({ reason: { reason: 'UNAVAILABLE', message: 'Come back later.' } });
});
