import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newMessageId, newSessionId, newUserId, type UserId } from '../../protocol/ids.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { VERSION } from '../local-db/schema.ts';
import { Drafts } from './drafts.ts';

const sessionId = newSessionId();
let me: UserId;
let db: LocalDb;
let drafts: Drafts;

beforeEach(async () => {
  me = newUserId();
  db = await LocalDb.open(me);
  drafts = new Drafts(db, async () => {});
});
afterEach(async () => {
  drafts.close();
  await db.close();
});

describe('a draft', () => {
  it('is gone once it was sent, also when the last keystroke is still being stored', async () => {
    await Promise.all([drafts.save({ sessionId }, 'hello'), drafts.save({ sessionId }, '')]);
    expect(await db.drafts.get({ sessionId })).toBe('');
  });

  it('is not stored behind the message that it became, however slow the storage (invariant 19)', async () => {
    const saves = [drafts.save({ sessionId }, 'hel'), drafts.save({ sessionId }, 'hello')];
    drafts.end({ sessionId });
    await Promise.all(saves);
    expect(await db.drafts.get({ sessionId })).toBe('');
    await drafts.save({ sessionId }, 'and more');
    expect(await db.drafts.get({ sessionId })).toBe('and more');
  });

  it('is newer than what it was written over, also under a clock that is a year slow', async () => {
    const told: { at: string }[] = [];
    drafts.close();
    drafts = new Drafts(db, async (draft) => told.push(draft));
    const elsewhere = new Date(Date.now() + 365 * 86_400_000).toISOString();
    await db.drafts.save({ sessionId }, 'typed on another device', elsewhere);
    await drafts.save({ sessionId }, '');
    await expect.poll(() => told.length).toBe(1);
    expect(told[0]?.at && told[0].at > elsewhere).toBe(true);
  });

  it('of a thread is kept beside that of its conversation and of other threads, and told to nobody', async () => {
    const told: unknown[] = [];
    drafts.close();
    drafts = new Drafts(db, async (draft) => told.push(draft));
    const [here, there] = [newMessageId(), newMessageId()];
    await drafts.save({ sessionId, threadRoot: here }, 'In this thread');
    await drafts.save({ sessionId, threadRoot: there }, 'In that one');
    await drafts.save({ sessionId, threadRoot: there }, '');
    const kept = [{ sessionId }, { sessionId, threadRoot: here }, { sessionId, threadRoot: there }];
    expect(await Promise.all(kept.map((place) => db.drafts.get(place)))).toEqual(['', 'In this thread', '']);
    await drafts.save({ sessionId }, 'gone');
    await drafts.save({ sessionId }, '');
    await expect.poll(() => told).toEqual([expect.objectContaining({ sessionId, content: '' })]);
  });

  it('survives the reload of a tab that could not store it under a newer version', async () => {
    await drafts.save({ sessionId }, 'Half a sentence');
    const newer = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(db.storage, VERSION + 1);
      opening.onsuccess = () => resolve(opening.result);
    });
    await expect(drafts.save({ sessionId }, 'Half a sentence and the rest')).rejects.toThrow();
    newer.close();
    // The page is loaded again, with a copy that it can open.
    db = await LocalDb.open(me, `${db.storage}:upgraded`);
    Object.defineProperty(db, 'storage', { value: db.storage.replace(':upgraded', '') });
    drafts = new Drafts(db, async () => {});
    await drafts.recover();
    expect(await db.drafts.get({ sessionId })).toBe('Half a sentence and the rest');
  });
});
