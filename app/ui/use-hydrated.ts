import { useSyncExternalStore } from 'react';

const never = () => () => {};

/**
 * False in a page as the server wrote it. Its scripts may be long in coming: until then no button of it may look as if it
 * answered, and a form would send what stands in it, passwords too, as an address.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
