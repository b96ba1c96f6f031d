import { expect, it, vi } from 'vitest';
import { steadyFetch } from './steady-fetch.ts';

it('gives up on what is never answered, and on what stops in its middle', async () => {
  const never = steadyFetch(
    (_input, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
      ),
    10,
  );
  await expect(never('/a')).rejects.toThrow('Nothing more comes');
  const half = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(3)) });
  const answer = await steadyFetch(async () => new Response(half), 10)('/a');
  await expect(answer.blob()).rejects.toThrow('Nothing more comes');
});

it('waits for what keeps coming, however long that takes', async () => {
  vi.useFakeTimers();
  let more = (_last: boolean) => {};
  const body = new ReadableStream({
    start(controller) {
      more = (last) => {
        controller.enqueue(new Uint8Array(1));
        if (last) controller.close();
      };
    },
  });
  const steady = steadyFetch(async () => new Response(body, { status: 200, headers: { a: 'b' } }), 1_000);
  const answer = await steady('/a');
  const read = answer.blob();
  for (let n = 1; n <= 10; n += 1) {
    await vi.advanceTimersByTimeAsync(900);
    more(n === 10);
  }
  await vi.advanceTimersByTimeAsync(0);
  vi.useRealTimers();
  expect([answer.status, answer.headers.get('a'), (await read).size]).toEqual([200, 'b', 10]);
});
