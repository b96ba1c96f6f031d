import { expect, it, vi } from 'vitest';
import { patientFetch } from './patient-fetch.ts';

it('gives up on a call that is never answered, whether or not fetch() heeds its signal (invariant 11)', async () => {
  const signals: (AbortSignal | null | undefined)[] = [];
  const silent = patientFetch((_input, init) => {
    signals.push(init?.signal);
    return new Promise(() => {});
  }, 10);
  await expect(silent('/trpc')).rejects.toThrow('does not answer');
  expect(signals[0]?.aborted).toBe(true);
});

it('gives up on an answer that stops in its middle', async () => {
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(3)) });
  const stalled = patientFetch(async () => new Response(body), 10);
  await expect(stalled('/trpc')).rejects.toThrow('does not answer');
});

it('gives up soon on a call that was made before the network came back, and on none that is made after', async () => {
  vi.useFakeTimers();
  try {
    const silent = patientFetch(() => new Promise(() => {}), 30_000);
    const [before, after] = [vi.fn(), vi.fn()];
    silent('/trpc').catch(before);
    await vi.advanceTimersByTimeAsync(1_000);
    window.dispatchEvent(new Event('online'));
    silent('/trpc').catch(after);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(before).toHaveBeenCalledOnce();
    expect(after).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(after).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});

it('passes on what came in time, and why its caller gave up', async () => {
  const prompt = patientFetch(async () => new Response('{"a":1}', { status: 201 }), 1_000);
  const response = await prompt('/trpc');
  expect([response.status, await response.json()]).toEqual([201, { a: 1 }]);
  const caller = new AbortController();
  const waiting = patientFetch(() => new Promise(() => {}), 1_000)('/trpc', { signal: caller.signal });
  const refused = vi.fn();
  waiting.catch(refused);
  caller.abort(new Error('not needed any more'));
  await expect(waiting).rejects.toThrow('not needed any more');
  expect(refused).toHaveBeenCalledOnce();
});
