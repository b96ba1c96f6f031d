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

let opened: Extract<ToWorker, { kind: 'open' }> | null = null;
let searching: Promise<DeviceSearch> | null = null;

const tell = (message: FromWorker) => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'open') {
    opened = data;
    // What fails here is tried again by the first search.
    deviceSearch().catch(() => {});
    return;
  }
  const { number, query, limit } = data;
  const used = deviceSearch();
  try {
    tell({ kind: 'found', number, ids: await (await used).search(query, limit) });
  } catch {
    // Its index may never have been read: the next search begins with another one.
    if (searching === used) searching = null;
    await used.then((broken) => broken.close()).catch(() => {});
    tell({ kind: 'failed', number });
  }
};

function deviceSearch(): Promise<DeviceSearch> {
  searching ??= open();
  return searching;
}

async function open(): Promise<DeviceSearch> {
  if (!opened) throw new Error('Nothing was opened.');
  const db = await LocalDb.open(opened.userId, opened.storage);
  return new DeviceSearch(db, () => tell({ kind: 'changed' }));
}
