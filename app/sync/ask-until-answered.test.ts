import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChatError } from '../../protocol/errors.ts';
import { askUntilAnswered } from './ask-until-answered.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('asks again after ever longer pauses until there is an answer', async () => {
  const ask = vi.fn(() => Promise.reject<string>(new TypeError('lost')));
  const onAnswer = vi.fn();
  askUntilAnswered(ask, onAnswer);
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(ask.mock.calls.length).toBeGreaterThan(30);
  expect(ask.mock.calls.length).toBeLessThan(80);
  ask.mockResolvedValue('here');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(onAnswer).toHaveBeenCalledExactlyOnceWith('here');
  const asked = ask.mock.calls.length;
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(ask).toHaveBeenCalledTimes(asked);
});

it('takes the server at its word, and asks again where that invites it to', async () => {
  const ask = vi.fn(() => Promise.reject(new ChatError('UNAVAILABLE', 'Try again in a moment.')));
  const onFailed = vi.fn();
  askUntilAnswered(ask, () => {}, onFailed);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(ask).toHaveBeenCalledTimes(2);
  ask.mockRejectedValue(new ChatError('NOT_FOUND', 'There is no such file.'));
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(ask).toHaveBeenCalledTimes(3);
  expect(onFailed).toHaveBeenCalledTimes(3);
});

it('asks no more once nobody wants to know', async () => {
  const ask = vi.fn(() => Promise.reject(new TypeError('lost')));
  const stop = askUntilAnswered(ask, () => {});
  await vi.advanceTimersByTimeAsync(1);
  stop();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(ask).toHaveBeenCalledTimes(1);
});
