import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newSessionId, newUserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { Typing } from './typing.ts';

const [sessionId, ada] = [newSessionId(), newUserId()];
/** What the others in the conversation were told: whether she types, and for how long that is to be believed. */
let told: [boolean, number][];
let typing: Typing;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  typing = new Typing({
    tellSession(_to, event, except) {
      if (event.type === 'typing' && except === ada) told.push([event.isTyping, event.expiresInMs]);
    },
  });
});
afterEach(() => {
  typing.close();
  vi.useRealTimers();
});

const begun = [true, limits.typingExpiresMs];
const over = [false, 0];
const wait = (ms: number) => vi.advanceTimersByTime(ms);

describe('typing ends by itself when its typist vanishes (invariant 14)', () => {
  it('six seconds after the last that was heard of it', () => {
    typing.set(sessionId, ada, true);
    wait(5_999);
    typing.set(sessionId, ada, true);
    wait(5_999);
    expect(told).toEqual([begun, begun]);
    wait(1);
    expect(told).toEqual([begun, begun, over]);
    wait(60_000);
    typing.set(sessionId, ada, false);
    expect(told).toEqual([begun, begun, over]);
  });

  it('on a node that only heard of it too, which leaves it to the other to say so', () => {
    typing.heard(sessionId, ada, true);
    wait(6_000);
    expect(told).toEqual([]);
    // Nothing of it is left to be ended.
    typing.set(sessionId, ada, false);
    expect(told).toEqual([]);
  });

  it('and before, when its end comes to another node than its beginning', () => {
    typing.heard(sessionId, ada, true);
    typing.set(sessionId, ada, false);
    expect(told).toEqual([over]);
    wait(60_000);
    expect(told).toEqual([over]);
  });
});
