import { matchPrecache } from 'workbox-precaching';
import { OFFLINE_PAGE, shellPageFor } from './shell-pages.ts';

/** A page that takes longer than this comes from the device where it can. Milliseconds. */
const PATIENCE_MS = 6_000;

/** The app shell from the device at once; any other page from the network, or a page that says what still works. */
export async function answerPage(request: Request, { pathname }: URL): Promise<Response> {
  const shell = shellPageFor(pathname);
  const held = shell === null ? undefined : await matchPrecache(shell);
  if (held) return held;
  try {
    return await withinPatience(fetch(request));
  } catch {
    return (await matchPrecache(OFFLINE_PAGE)) ?? Response.error();
  }
}

function withinPatience(fetched: Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The network does not answer.')), PATIENCE_MS);
    fetched.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
