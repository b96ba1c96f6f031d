const PATIENCE_MS = 10_000;

/** Where the parts of this page's version are: on this device, on the server, no longer anywhere, or out of reach. */
export type Whereabouts = 'kept' | 'served' | 'gone' | 'out of reach';

let isKept = false;
/** A page begins with many parts at once; what was answered counts for none that is wanted later. */
let asking: Promise<Whereabouts> | null = null;

/** Looks for one file of this version; the service worker keeps all of them or none, and the server too. */
export async function whereParts(): Promise<Whereabouts> {
  isKept ||= await isOnDevice();
  if (isKept) return 'kept';
  asking ??= askServer().finally(() => {
    asking = null;
  });
  return asking;
}

/** A worker of another version may be in charge, which keeps other files. */
async function isOnDevice(): Promise<boolean> {
  if (!navigator.serviceWorker?.controller) return false;
  return (await caches.match(import.meta.url).catch(() => undefined)) !== undefined;
}

/** Asks the server itself: the service worker answers only what is got. */
async function askServer(): Promise<Whereabouts> {
  try {
    const { status, headers } = await fetch(import.meta.url, {
      method: 'HEAD',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const type = headers.get('content-type') ?? '';
    // As our server says it: a captive portal's answer is a page, whatever its status.
    if (status === 200 && type.includes('javascript')) return 'served';
    if (status === 404 && type.startsWith('text/plain')) return 'gone';
  } catch {
    // No network, or none that answers in time.
  }
  return 'out of reach';
}
