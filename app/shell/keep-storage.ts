/**
 * Asks the browser not to evict what this device holds. Chromium decides by itself; Safari grants it to installed apps.
 * @returns whether the copy is safe from eviction, and what it takes, in bytes; null where the browser does not tell
 */
export async function keepStorage(): Promise<{ persisted: boolean; bytes: number | null } | null> {
  if (!navigator.storage?.persist) return null;
  try {
    const persisted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
    const { usage } = await navigator.storage.estimate();
    return { persisted, bytes: usage ?? null };
  } catch {
    return null;
  }
}
