import { forceCloseDatabase } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newSessionId, newUserId, type UserId } from '../../protocol/ids.ts';
import { Handle } from './handle.ts';
import { LocalDb } from './local-db.ts';
import { deleteLocalDb, storageNameOf, VERSION } from './schema.ts';

const at = '2026-11-24T09:30:00.000Z';
const sessionId = newSessionId();
let me: UserId;
let name: string;
let closing: { close(): unknown }[] = [];

beforeEach(() => {
  me = newUserId();
  name = storageNameOf(me);
});
afterEach(async () => {
  for (const one of closing) await one.close();
  closing = [];
});

async function open(onBlocked?: () => void): Promise<LocalDb> {
  const db = await LocalDb.open(me, name, onBlocked);
  closing.push(db);
  return db;
}

/** The database as a tab of another version of the app holds it. */
function openAs(version: number, onversionchange: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, version);
    opening.onupgradeneeded = () => {
      if (!opening.result.objectStoreNames.contains('messages'))
        opening.result.createObjectStore('messages', { keyPath: 'id' });
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      db.onversionchange = () => onversionchange(db);
      closing.push(db);
      resolve(db);
    };
  });
}

describe("the handle on this device's copy", () => {
  it('is opened again after the browser closed it', async () => {
    const handle = new Handle(name, { onCondition: () => {}, onEmptied: () => {} });
    closing.push(handle);
    await handle.run((idb) => idb.put('meta', 'c1', 'cursor'));
    // @ts-expect-error: idb's wrapper stands for the database itself
    forceCloseDatabase((await handle.open()) as IDBDatabase);
    expect(await handle.run((idb) => idb.get('meta', 'cursor'))).toBe('c1');
  });

  it('is opened again when it turns out to be closed only as it is used, as Safari does it', async () => {
    const handle = new Handle(name, { onCondition: () => {}, onEmptied: () => {} });
    closing.push(handle);
    await handle.run((idb) => idb.put('meta', 'c1', 'cursor'));
    (await handle.open()).close();
    expect(await handle.run((idb) => idb.get('meta', 'cursor'))).toBe('c1');
  });

  it('gives way to a newer version, and then says that this tab is too old for it', async () => {
    const db = await open();
    await db.drafts.save({ sessionId }, 'Half a sentence', at);
    const conditions: string[] = [];
    db.onCondition((condition) => conditions.push(condition));
    // Opens, which it could not while the old tab kept its handle.
    const newer = await openAs(VERSION + 1, () => {});
    await expect(db.drafts.save({ sessionId }, 'More', at)).rejects.toThrow();
    expect(conditions).toEqual(['outdated']);
    newer.close();
  });

  it('waits for a tab of an older version that keeps its handle, says so, and opens once it is gone', async () => {
    let asked = 0;
    const old = await openAs(1, () => {
      asked += 1;
    });
    let blocked = 0;
    let isOpen = false;
    const opening = open(() => {
      blocked += 1;
    }).then(() => {
      isOpen = true;
    });
    await expect.poll(() => blocked).toBe(1);
    expect([asked, isOpen]).toEqual([1, false]);
    old.close();
    await opening;
    expect(isOpen).toBe(true);
  });

  it('stays away from a copy that was deleted elsewhere, as by signing out in another tab (invariant 26)', async () => {
    const db = await open();
    await db.drafts.save({ sessionId }, 'Mine', at);
    const conditions: string[] = [];
    db.onCondition((condition) => conditions.push(condition));
    await deleteLocalDb(name);
    expect(conditions).toEqual(['wiped']);
    await expect(db.drafts.save({ sessionId }, 'More', at)).rejects.toThrow('deleted');
    expect((await indexedDB.databases()).map((one) => one.name)).not.toContain(name);
  });

  it('is not made anew by who only looks whether something waits, as the service worker does (invariant 26)', async () => {
    expect(await LocalDb.openExisting(me)).toBeNull();
    expect((await indexedDB.databases()).map((one) => one.name)).not.toContain(name);
    const db = await open();
    await db.drafts.save({ sessionId }, 'Mine', at);
    const found = await LocalDb.openExisting(me);
    expect(await found?.drafts.get({ sessionId })).toBe('Mine');
    await found?.close();
  });

  it('tells when the browser cleared what was here, for everything has to be fetched again', async () => {
    let emptied = 0;
    const handle = new Handle(name, { onCondition: () => {}, onEmptied: () => (emptied += 1) });
    closing.push(handle);
    await handle.run((idb) => idb.put('meta', 'c1', 'cursor'));
    expect(emptied).toBe(0);
    // Closed by force and gone, without a word to the page.
    // @ts-expect-error: idb's wrapper stands for the database itself
    forceCloseDatabase((await handle.open()) as IDBDatabase);
    await deleteLocalDb(name);
    expect(await handle.run((idb) => idb.get('meta', 'cursor'))).toBeUndefined();
    expect(emptied).toBe(1);
  });
});
