import { useEffect, useState } from 'react';
import { fetchUntilHere, type Part } from './part.ts';

/** What a part is, once it is here. What cannot be had is tried again for as long as it is wanted. */
export function usePart<T>(part: Part<T>, isWanted = true): T | null {
  const [isHere, setHere] = useState(part.value !== null);
  useEffect(() => {
    if (isHere || !isWanted) return;
    return fetchUntilHere(part, () => setHere(true));
  }, [part, isHere, isWanted]);
  return part.value;
}
