import { limits } from './limits.ts';
import { visibleLine } from './text.ts';

/** What a person is called, as they write it themselves. */
export const PersonName = visibleLine('Say what to call you').max(
  limits.nameLength,
  `A name may have up to ${limits.nameLength} characters`,
);
