import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newSessionId, newUserId, type SessionId } from '../../protocol/ids.ts';
import { messageOf } from '../../tests/support/messages.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { DeviceSearch } from './device-search.ts';

const me = newUserId();
let sessionId: SessionId;
let db: LocalDb;
let search: DeviceSearch;

const said = (seq: number, content: string) => messageOf({ sessionId, seq, userId: me, content });

beforeEach(async () => {
  sessionId = newSessionId();
  db = await LocalDb.open(me, `search of ${sessionId}`);
});
afterEach(async () => {
  search.close();
  await db.close();
});

describe('search on the device, while things change', () => {
  it('finds what has come in, been edited and been deleted, message by message', async () => {
    const [kept, edited, gone] = [said(1, 'blue whale'), said(2, 'green frog'), said(3, 'red fox')];
    await db.addOlder(sessionId, { messages: [kept, edited, gone], hasMore: false });
    search = new DeviceSearch(db, () => {});
    const found = (word: string) => search.search(word, 10);
    expect([await found('whale'), await found('fox')]).toEqual([[kept.id], [gone.id]]);
    const come = said(4, 'yellow bird');
    const restores = await db.restores();
    await restores.message(come);
    await restores.message({ ...edited, content: 'purple frog', editedAt: '2026-11-24T09:31:00.000Z' });
    await restores.message({ ...gone, content: '', deletedAt: '2026-11-24T09:31:00.000Z' });
    const words = ['bird', 'whale', 'green', 'purple', 'fox'];
    await expect
      .poll(() => Promise.all(words.map(found)))
      .toEqual([[come.id], [kept.id], [], [edited.id], []]);
  });
});
