import { addPlugins, cleanupOutdatedCaches, matchPrecache, precache } from 'workbox-precaching';
import { answerPage } from './answer-page.ts';
import { drainInBackground } from './drain-in-background.ts';
import { isOurFile, isOurPage, shellUrls } from './shell-pages.ts';
import type { FetchEvent, WorkerScope } from './worker-scope.ts';

/**
 * Precaches the app shell and the files it is made of, and answers with nothing else: calls, the event stream and
 * whatever is somebody's pass by untouched. Sends what waits when the browser says that the network is back.
 */
// What every service worker has; see worker-scope.ts.
const scope = self as unknown as WorkerScope;
// The build writes the list in place of this very name.
const files = self.__WB_MANIFEST;
const kept = new Set(files.map((file) => file.url).filter((url) => !shellUrls.includes(url)));

// An install that got somebody else's page, or half of ours, fails as a whole: the worker before it goes on.
addPlugins([
  {
    cacheWillUpdate: async ({ request, response }) => {
      const { pathname } = new URL(request.url);
      if (shellUrls.includes(pathname)) return (await isOurPage(response.clone(), kept)) ? response : null;
      return isOurFile(response, pathname) ? response : null;
    },
  },
]);
precache(files);
cleanupOutdatedCaches();

scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));

// A new version waits until the page says that nobody is in the middle of something.
scope.addEventListener('message', (event) => {
  const isAsked = typeof event.data === 'object' && event.data !== null && 'type' in event.data;
  if (isAsked && event.data.type === 'SKIP_WAITING') event.waitUntil(scope.skipWaiting());
  if (isAsked && event.data.type === 'CLAIM') event.waitUntil(scope.clients.claim());
});

scope.addEventListener('fetch', (event: FetchEvent) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(answerPage(request, url));
  else if (kept.has(url.pathname))
    event.respondWith(matchPrecache(url.pathname).then((held) => held ?? fetch(request)));
});

scope.addEventListener('sync', (event) => {
  if (event.tag !== 'outbox') return;
  event.waitUntil(
    drainInBackground().then((waiting) => {
      // A rejection makes the browser try again later.
      if (waiting > 0) throw new Error(`${waiting} changes still wait for the network`);
    }),
  );
});
