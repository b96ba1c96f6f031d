import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { z } from 'zod';
import { AttachmentId, MessageId, SessionId } from '../../protocol/ids.ts';
import { Timestamp } from '../../protocol/shapes.ts';
import { isQuota } from './transaction.ts';
import { wipeDatabase } from './wipe-database.ts';

/** A file of this device that has to go up before its message can. */
export const UploadRow = z.object({
  id: AttachmentId,
  messageId: MessageId,
  sessionId: SessionId,
  name: z.string(),
  type: z.string(),
  content: z.custom<Blob>((value) => value instanceof Blob),
  state: z.enum(['waiting', 'ready']),
  /** The server may have heard of it. */
  begun: z.boolean(),
  createdAt: Timestamp,
});
export type UploadRow = z.infer<typeof UploadRow>;
type UploadMark = Partial<Pick<UploadRow, 'state' | 'begun'>>;

const HeldFile = z.object({
  content: z.custom<Blob>((value) => value instanceof Blob),
  bytes: z.number(),
  usedAt: z.number(),
});

interface FileDbSchema extends DBSchema {
  uploads: { key: string; value: unknown };
  /** What was shown here, by attachment and size; usedAt tells what goes first. */
  held: { key: string; value: unknown; indexes: { byUse: number } };
}

const VERSION = 1;
/** So much of what was shown is held; the least lately used goes first. */
const HELD_BYTES = 200_000_000;
/** A use is noted by writing the whole file anew: no more often than this. Milliseconds. */
const USE_NOTED_MS = 24 * 3_600_000;

const nameOf = (storage: string) => `files-of-${storage}`;

/**
 * The bytes that one account has on this device, in a database of their own: large, and the first that may go when room
 * runs out. It goes with the account's copy at sign-out (invariant 26).
 */
export class FileDb {
  #idb: Promise<IDBPDatabase<FileDbSchema>> | null = null;
  #closed = false;
  /** For which there was no room: known to this tab alone, for as long as it lives. */
  #marks = new Map<string, UploadMark>();

  /** @param isGone whether the account's copy was deleted: then nothing is made anew beside it (invariant 26) */
  constructor(
    private readonly storage: string,
    private readonly isGone: () => boolean = () => false,
  ) {}

  static async delete(storage: string): Promise<void> {
    await wipeDatabase(nameOf(storage));
  }

  async close(): Promise<void> {
    this.#closed = true;
    (await this.#idb?.catch(() => null))?.close();
    this.#idb = null;
  }

  /** All or none, with strict durability: their message is written down next (invariant 19). */
  async addUploads(rows: readonly UploadRow[]): Promise<void> {
    const tx = (await this.#open()).transaction('uploads', 'readwrite', { durability: 'strict' });
    await Promise.all([...rows.map((row) => tx.store.put(row, row.id)), tx.done]);
  }

  async uploads(): Promise<UploadRow[]> {
    const rows = await (await this.#open()).getAll('uploads');
    return rows.flatMap((row) => {
      const { data } = UploadRow.safeParse(row);
      return data ? [{ ...data, ...this.#marks.get(data.id) }] : [];
    });
  }

  async upload(id: AttachmentId): Promise<UploadRow | null> {
    return UploadRow.safeParse(await (await this.#open()).get('uploads', id)).data ?? null;
  }

  /** Bringing a file up needs no room: a device that is full remembers how far it came, for as long as this lives. */
  async markUpload(id: AttachmentId, mark: UploadMark): Promise<void> {
    const marks = { ...this.#marks.get(id), ...mark };
    const tx = (await this.#open()).transaction('uploads', 'readwrite', { durability: 'strict' });
    try {
      const row = UploadRow.safeParse(await tx.store.get(id));
      if (row.success) await tx.store.put({ ...row.data, ...marks }, id);
      await tx.done;
      this.#marks.delete(id);
    } catch (error) {
      tx.done.catch(() => {});
      if (!isQuota(tx.error ?? error)) throw error;
      this.#marks.set(id, marks);
    }
  }

  async removeUpload(id: AttachmentId): Promise<void> {
    await (await this.#open()).delete('uploads', id);
    this.#marks.delete(id);
  }

  async held(key: string): Promise<Blob | null> {
    const idb = await this.#open();
    const row = HeldFile.safeParse(await idb.get('held', key));
    if (!row.success) return null;
    // It is here, whether or not there is room to note that.
    if (Date.now() - row.data.usedAt > USE_NOTED_MS)
      await idb.put('held', { ...row.data, usedAt: Date.now() }, key).catch(() => {});
    return row.data.content;
  }

  /** Holds on to a file for the next time, also offline. No room is no failure: it can be fetched again. */
  async hold(key: string, content: Blob): Promise<void> {
    try {
      const idb = await this.#open();
      await idb.put('held', { content, bytes: content.size, usedAt: Date.now() }, key);
      await this.#trim(idb);
    } catch {
      // It is shown all the same.
    }
  }

  async #trim(idb: IDBPDatabase<FileDbSchema>): Promise<void> {
    let room = HELD_BYTES;
    let cursor = await idb.transaction('held', 'readwrite').store.index('byUse').openCursor(null, 'prev');
    while (cursor) {
      room -= HeldFile.safeParse(cursor.value).data?.bytes ?? 0;
      if (room < 0) await cursor.delete();
      cursor = await cursor.continue();
    }
  }

  #open(): Promise<IDBPDatabase<FileDbSchema>> {
    if (this.#closed) return Promise.reject(new Error('This copy was closed.'));
    if (this.isGone()) return Promise.reject(new Error('This copy was deleted.'));
    this.#idb ??= openDB<FileDbSchema>(nameOf(this.storage), VERSION, {
      upgrade(db) {
        db.createObjectStore('uploads');
        db.createObjectStore('held').createIndex('byUse', 'usedAt');
      },
      blocking: () => {
        void this.#idb?.then((db) => db.close());
        this.#idb = null;
      },
      terminated: () => {
        this.#idb = null;
      },
    }).catch((error) => {
      this.#idb = null;
      throw error;
    });
    return this.#idb;
  }
}
