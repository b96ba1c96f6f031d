import { deleteDB, openDB } from 'idb';

/** How long a tab that does not let go of a database is waited for. Milliseconds. */
const PATIENCE_MS = 3_000;

/**
 * Deletes a database and what is in it. A tab that hangs keeps it from being deleted for as long as it does: therefore
 * it is emptied first, which nobody's mere handle prevents, and its empty shell goes once that tab has ended.
 */
export async function wipeDatabase(name: string): Promise<void> {
  await withinPatience(empty(name));
  await withinPatience(deleteDB(name));
}

async function empty(name: string): Promise<void> {
  const idb = await openDB(name);
  try {
    const stores = [...idb.objectStoreNames];
    if (stores.length === 0) return;
    const tx = idb.transaction(stores, 'readwrite', { durability: 'strict' });
    await Promise.all([...stores.map((store) => tx.objectStore(store).clear()), tx.done]);
  } finally {
    idb.close();
  }
}

/** It goes on behind this, where it can. What cannot be opened cannot be read by others either. */
async function withinPatience(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([work.catch(() => {}), tired]);
  clearTimeout(timer);
}
