import { expect, it } from 'vitest';
import { newUserId } from '../../protocol/ids.ts';
import { AccountCache, type SignedInAccount } from './account-cache.ts';

const account = (expiresAt = new Date(1_000_000)): SignedInAccount => ({
  userId: newUserId(),
  authSessionId: newUserId(),
  isGuest: true,
  role: 'student',
  expiresAt,
});

it('remembers an account for its time, and never past the end of its auth session', () => {
  const cache = new AccountCache(3_000);
  const [long, short] = [account(), account(new Date(1_000))];
  cache.put('long', long, cache.generation, 0);
  cache.put('short', short, cache.generation, 0);
  expect([cache.get('long', 999), cache.get('short', 999)]).toEqual([long, short]);
  expect([cache.get('long', 2_999), cache.get('short', 1_000)]).toEqual([long, null]);
  expect(cache.get('long', 3_000)).toBeNull();
});

it('does not remember what was read before a sign-out and arrives after it', () => {
  const cache = new AccountCache();
  const { generation } = cache;
  const someone = account();
  cache.dropAuthSession(someone.authSessionId);
  cache.put('cookie', someone, generation, 0);
  expect(cache.get('cookie', 1)).toBeNull();
});

it('forgets one person and nobody else, and the least recently seen when it is full', () => {
  const cache = new AccountCache(3_000, 2);
  const [ada, obi, eve] = [account(), account(), account()];
  cache.put('ada', ada, cache.generation, 0);
  cache.put('obi', obi, cache.generation, 0);
  cache.get('ada', 1);
  cache.put('eve', eve, cache.generation, 1);
  expect([cache.get('ada', 2), cache.get('obi', 2), cache.get('eve', 2)]).toEqual([ada, null, eve]);
  cache.dropUser(ada.userId);
  expect([cache.get('ada', 3), cache.get('eve', 3)]).toEqual([null, eve]);
});

it('tells whom it remembers, and nobody whose time is over', () => {
  const cache = new AccountCache(3_000);
  const [ada, obi] = [account(), account()];
  cache.put('ada', ada, cache.generation, 0);
  cache.put('ada again', ada, cache.generation, 1_000);
  cache.put('obi', obi, cache.generation, 2_000);
  expect(cache.authSessions(2_999)).toEqual([ada.authSessionId, obi.authSessionId]);
  expect(cache.authSessions(4_500)).toEqual([obi.authSessionId]);
  cache.dropAuthSession(obi.authSessionId);
  expect(cache.authSessions(4_500)).toEqual([]);
});
