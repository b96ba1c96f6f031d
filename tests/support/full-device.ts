import type { Page } from '@playwright/test';

/** More than the app takes, and soon filled: browsers look at the quota again only once what they knew of it is used up. */
const LITTLE = 16_000_000;

/** Gives this page's origin little room, for as long as the page lives. Call it before anything is stored there. */
export async function giveLittleRoom(page: Page): Promise<{ fill(): Promise<void>; free(): Promise<void> }> {
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  const give = (quotaSize?: number) =>
    devtools.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize ? { quotaSize } : {}) });
  await give(LITTLE);
  return {
    /** From here on not even a row of a few bytes fits; what is deleted makes no room either. */
    async fill() {
      await give(1);
      await page.evaluate(useUp);
    },
    async free() {
      await give();
    },
  };
}

async function useUp(): Promise<void> {
  const opening = indexedDB.open('filler', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
  await new Promise((resolve) => opening.addEventListener('success', resolve));
  const filler = opening.result;
  const fits = (bytes: number) =>
    new Promise<boolean>((resolve) => {
      const tx = filler.transaction('rows', 'readwrite');
      tx.objectStore('rows').add(new Uint8Array(bytes));
      tx.oncomplete = () => resolve(true);
      tx.onabort = () => resolve(false);
    });
  for (const bytes of [500_000, 1]) while (await fits(bytes));
  filler.close();
}
