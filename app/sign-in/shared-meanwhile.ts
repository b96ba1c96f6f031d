/** The page that takes what another app shares. */
const PAGE = '/chat/share?';
/** Of this tab alone: nobody else finds there what was shared. */
const KEY = 'j-star-chat:shared';

/** What another app shared waits while whoever shared it has to sign in. Other addresses are none of its business. */
export function keepShared({ pathname, search }: Pick<Location, 'pathname' | 'search'>): void {
  const address = pathname + search;
  if (!address.startsWith(PAGE)) return;
  try {
    sessionStorage.setItem(KEY, address);
  } catch {
    // A browser that keeps nothing: it has to be shared again.
  }
}

/** Where to go on with it, once; null when nothing waits. */
export function takeShared(): string | null {
  try {
    const address = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return address?.startsWith(PAGE) ? address : null;
  } catch {
    return null;
  }
}
