import { limits } from './limits.ts';
import { Line } from './text.ts';

/** What a person is called, as they write it themselves. */
export const PersonName = Line.min(1, 'Say what to call you').max(
  limits.nameLength,
  `A name may have up to ${limits.nameLength} characters`,
);
