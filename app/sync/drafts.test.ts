import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newSessionId, newUserId, type UserId } from '../../protocol/ids.ts';
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
    await Promise.all([drafts.save(sessionId, 'hello'), drafts.save(sessionId, '')]);
    expect(await db.getDraft(sessionId)).toBe('');
  });

  it('survives the reload of a tab that could not store it under a newer version', async () => {
    await drafts.save(sessionId, 'Half a sentence');
    const newer = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(db.storage, VERSION + 1);
      opening.onsuccess = () => resolve(opening.result);
    });
    await expect(drafts.save(sessionId, 'Half a sentence and the rest')).rejects.toThrow();
    newer.close();
    // The page is loaded again, with a copy that it can open.
    db = await LocalDb.open(me, `${db.storage}:upgraded`);
    Object.defineProperty(db, 'storage', { value: db.storage.replace(':upgraded', '') });
    drafts = new Drafts(db, async () => {});
    await drafts.recover();
    expect(await db.getDraft(sessionId)).toBe('Half a sentence and the rest');
  });
});
