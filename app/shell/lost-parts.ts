/**
 * Tells when a part of this page could not be fetched because its version is gone from the server, not because of the
 * network: the button that wants it would be dead until the page is loaded anew.
 */
export function watchForLostParts(onGone: () => void): void {
  let isLooking = false;
  // Vite's word for any `import()` of its bundles that fails.
  window.addEventListener('vite:preloadError', async () => {
    if (isLooking) return;
    isLooking = true;
    if (await isVersionGone()) onGone();
    else isLooking = false;
  });
}

/** Asks the server itself for a file of this very version: the service worker answers only what is got. */
async function isVersionGone(): Promise<boolean> {
  try {
    const { status, headers } = await fetch(import.meta.url, { method: 'HEAD', cache: 'no-store' });
    // In our server's plain words: a captive portal's 404 is a page.
    return status === 404 && (headers.get('content-type') ?? '').startsWith('text/plain');
  } catch {
    return false;
  }
}
