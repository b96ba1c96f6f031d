/** Resolves once parts of this page can be had, and rejects where they cannot. */
export type Check = () => Promise<void>;

// A service worker and a test have all parts with them; a page says otherwise.
let canBeHad: Check = async () => {};

/** For a page, before it imports anything: what is asked before each part. */
export function checkBeforeImport(check: Check): void {
  canBeHad = check;
}

/**
 * Imports a part of a page. Rejects where it cannot be had, and may then be called again. A bare `import()` may not:
 * browsers remember one that failed for as long as the page lives (https://github.com/whatwg/html/issues/6768), so that
 * none is begun that is bound to fail.
 */
export async function importPart<M>(load: () => Promise<M>): Promise<M> {
  await canBeHad();
  return load();
}
