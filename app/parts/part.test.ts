import { afterEach, expect, it, vi } from 'vitest';
import { checkBeforeImport, importPart } from './import-part.ts';
import { fetchUntilHere, makePart } from './part.ts';

afterEach(() => {
  checkBeforeImport(async () => {});
  vi.useRealTimers();
});

it('begins no import that is bound to fail, for a browser would remember it', async () => {
  const load = vi.fn(async () => 'part');
  checkBeforeImport(() => Promise.reject(new Error('no network')));
  await expect(importPart(load)).rejects.toThrow('no network');
  expect(load).not.toHaveBeenCalled();
  checkBeforeImport(async () => {});
  expect(await importPart(load)).toBe('part');
});

it('asks for a part until it is here, and never again', async () => {
  const check = vi.fn(async () => {});
  checkBeforeImport(check);
  const part = makePart(async () => 'part');
  expect(await part.fetch()).toBe('part');
  expect(await part.fetch()).toBe('part');
  expect(check).toHaveBeenCalledTimes(1);
});

it('fetches a part until it is here, once', async () => {
  vi.useFakeTimers();
  const load = vi.fn(async () => 'part');
  const part = makePart(load);
  let isThere = false;
  checkBeforeImport(async () => {
    if (!isThere) throw new Error('no network');
  });
  const onHere = vi.fn();
  fetchUntilHere(part, onHere);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(onHere).not.toHaveBeenCalled();
  isThere = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(onHere).toHaveBeenCalledExactlyOnceWith('part');
  fetchUntilHere(part, onHere);
  await vi.advanceTimersByTimeAsync(0);
  expect(onHere).toHaveBeenCalledTimes(2);
  expect(load).toHaveBeenCalledTimes(1);
});

it('lets go of a part that nobody wants any more', async () => {
  vi.useFakeTimers();
  const load = vi.fn(async () => 'part');
  checkBeforeImport(() => Promise.reject(new Error('no network')));
  const onHere = vi.fn();
  const stop = fetchUntilHere(makePart(load), onHere);
  await vi.advanceTimersByTimeAsync(1);
  stop();
  checkBeforeImport(async () => {});
  await vi.advanceTimersByTimeAsync(10_000);
  expect(load).not.toHaveBeenCalled();
  expect(onHere).not.toHaveBeenCalled();
});
