import type { UserId } from '../../protocol/ids.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { DeviceSearch } from './device-search.ts';

/** Between the page and this worker. */
export type ToWorker =
  | { kind: 'open'; userId: UserId; storage: string }
  | { kind: 'search'; number: number; query: string; limit: number };
export type FromWorker =
  | { kind: 'found'; number: number; ids: string[] }
  | { kind: 'failed'; number: number }
  | { kind: 'changed' };

let search: Promise<DeviceSearch> | null = null;

const tell = (message: FromWorker) => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'open') {
    search = LocalDb.open(data.userId, data.storage).then(
      (db) => new DeviceSearch(db, () => tell({ kind: 'changed' })),
    );
    return;
  }
  const { number, query, limit } = data;
  try {
    if (!search) throw new Error('Nothing was opened.');
    tell({ kind: 'found', number, ids: await (await search).search(query, limit) });
  } catch {
    tell({ kind: 'failed', number });
  }
};
