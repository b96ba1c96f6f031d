import { createTRPCClient, httpSubscriptionLink } from '@trpc/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AppRouter } from '../trpc/router.ts';
import { connectedBytes, createFrame, pingBytes } from './frame.ts';

/** What arrives on a connection whose other half may be gone without a word. */
class Connection extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Connection[] = [];
  readonly CLOSED = 2;
  readyState = 1;

  constructor(readonly url: string) {
    super();
    Connection.opened.push(this);
  }

  arrive(bytes: Buffer): void {
    const fields = [...`${bytes}`.matchAll(/^(event|data|id): (.*)$/gm)];
    const field = (name: string) => fields.find(([, key]) => key === name)?.[2] ?? '';
    const init = { data: field('data'), lastEventId: field('id') };
    this.dispatchEvent(new MessageEvent(field('event') || 'message', init));
  }

  close(): void {
    this.readyState = 2;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('brings a client of tRPC back from where it was once it hears nothing, not even a ping (invariant 11)', async () => {
  const { subscribe } = createTRPCClient<AppRouter>({
    // Of the browser's class, all that the link uses.
    links: [httpSubscriptionLink({ url: '/trpc', EventSource: Connection as never })],
  }).events.subscribe;
  const told: unknown[] = [];
  const subscription = subscribe({ cursor: 'a.1' }, { onData: (message) => void told.push(message) });
  await vi.advanceTimersByTimeAsync(0);
  const [first] = Connection.opened;
  first?.arrive(connectedBytes);
  first?.arrive(createFrame('{"type":"resync","reason":"none"}', 'a.2').bytes);
  await vi.advanceTimersByTimeAsync(30_000);
  first?.arrive(pingBytes);
  await vi.advanceTimersByTimeAsync(30_000);
  expect([told.length, Connection.opened.length]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Connection.opened.length).toBeGreaterThan(1);
  expect(first?.readyState).toBe(Connection.CLOSED);
  expect(decodeURIComponent(Connection.opened[1]?.url ?? '')).toContain('"lastEventId":"a.2"');
  subscription.unsubscribe();
});
