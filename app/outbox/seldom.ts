import { makePart } from '../parts/part.ts';

/** What an outbox hardly ever needs: in one file, which comes after the first screen. */
export const seldom = makePart(() => import('./later.ts'));
