import { expect, it } from 'vitest';
import { NoticeQueue } from './notice-queue.ts';

/** What is to be seen now, and what makes it leave. */
function screen() {
  const seen: { text: string; leave(): void }[] = [];
  const queue = new NoticeQueue(({ text }, onGone) => {
    const remove = () => void seen.splice(seen.indexOf(here), 1);
    const leave = () => {
      remove();
      onGone();
    };
    const here = { text, leave };
    seen.push(here);
    return remove;
  });
  return {
    error: (text: string) => queue.say({ kind: 'error', text }),
    success: (text: string) => queue.say({ kind: 'success', text }),
    shown: () => seen.map(({ text }) => text),
    leave: () => seen[0]?.leave(),
  };
}

it('keeps an error until it has left, and says what came meanwhile after it, one by one', () => {
  const { error, success, shown, leave } = screen();
  error('first');
  error('second');
  success('third');
  expect(shown()).toEqual(['first']);
  leave();
  expect(shown()).toEqual(['second']);
  leave();
  expect(shown()).toEqual(['third']);
  leave();
  expect(shown()).toEqual([]);
});

it('lets good news give way to what is newer, on the screen and while it waits', () => {
  const { error, success, shown, leave } = screen();
  success('Copied');
  error('It failed');
  expect(shown()).toEqual(['It failed']);
  success('Copied');
  success('Saved');
  leave();
  expect(shown()).toEqual(['Saved']);
  success('Saved');
  expect(shown()).toEqual(['Saved']);
  leave();
  expect(shown()).toEqual([]);
});

it('does not say twice what stands there or waits', () => {
  const { error, shown, leave } = screen();
  error('No network');
  error('No network');
  error('Full');
  error('Full');
  leave();
  expect(shown()).toEqual(['Full']);
  leave();
  expect(shown()).toEqual([]);
});
