/**
 * The app shell: pages that hold nobody's data, precached, and filled on the device. A page is the same for every
 * conversation, so that one copy (fetched under an id that no conversation has) serves them all.
 */
const shellPages: readonly { url: string; serves: RegExp }[] = [
  { url: '/chat', serves: /^\/chat\/?$/ },
  { url: '/chat/settings', serves: /^\/chat\/settings\/?$/ },
  { url: '/chat/starred', serves: /^\/chat\/starred\/?$/ },
  { url: '/chat/share', serves: /^\/chat\/share\/?$/ },
  { url: '/chat/00000000-0000-7000-8000-000000000000', serves: /^\/chat\/[0-9a-f-]{36}\/?$/ },
];

export const shellUrls: readonly string[] = shellPages.map((page) => page.url);

/** Shown by the service worker instead of any other page that cannot be fetched. */
export const OFFLINE_PAGE = '/offline.html';

/** The precached page that shows this path; null when the path is none of the app shell's. */
export function shellPageFor(pathname: string): string | null {
  return shellPages.find((page) => page.serves.test(pathname))?.url ?? null;
}

/**
 * Whether a fetched page may be kept as the shell. A captive portal answers 200 too, with a page of its own: ours says
 * so in its head (app/root.tsx). While servers are being replaced, one of another version may have answered: its page
 * would ask for scripts that are not kept here.
 * @param files what is kept beside it, as paths
 */
export async function isOurPage(response: Response, files: ReadonlySet<string>): Promise<boolean> {
  if (!response.ok || response.redirected) return false;
  if (!response.headers.get('content-type')?.startsWith('text/html')) return false;
  const text = await response.text();
  const parts = text.match(/\/assets\/[\w.@-]+\.(?:js|css)\b/g) ?? [];
  return text.includes(SHELL_MARK) && parts.every((part) => files.has(part));
}

const TYPES: readonly (readonly [RegExp, RegExp])[] = [
  [/\.js$/, /^(text|application)\/javascript\b/],
  [/\.css$/, /^text\/css\b/],
  [/\.html$/, /^text\/html\b/],
  [/\.svg$/, /^image\/svg\+xml\b/],
  [/\.png$/, /^image\/png\b/],
  [/\.woff2?$/, /^font\/woff2?\b/],
  [/\.webmanifest$/, /^application\/manifest\+json\b/],
];

/** Whether a fetched file may be kept: a captive portal answers in JSON too, or does not say in what. */
export function isOurFile({ ok, redirected, headers }: Response, pathname: string): boolean {
  const type = headers.get('content-type') ?? '';
  const isExpected = TYPES.every(([names, types]) => !names.test(pathname) || types.test(type));
  return ok && !redirected && type !== '' && isExpected;
}

export const SHELL_MARK = 'j-star-chat-page';
