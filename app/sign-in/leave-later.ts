import { fetchUntilHere, makePart } from '../parts/part.ts';

const leaving = makePart(() => import('./leave-when-online.ts'));
let isBegun = false;

/** For a page that shows that somebody is leaving: it leads to a fresh start once they have. */
export function leaveLater(): void {
  if (isBegun) return;
  isBegun = true;
  fetchUntilHere(leaving, ({ leaveWhenOnline }) => void leaveWhenOnline());
}
