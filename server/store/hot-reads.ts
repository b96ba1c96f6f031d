import { LIVING_AUTH_SESSIONS } from './living-auth-sessions.ts';
import { READ_AFTER, READ_RANGE } from './read-after-sql.ts';

/** Statements that run for every stream, poke or sweep. Their plans are held by a test: no big table from end to end. */
export const hotReads: readonly { name: string; text: string; example: unknown[] }[] = [
  { name: 'what a device missed', text: READ_AFTER, example: ['u7', 39_000, 10_000, 2_097_152] },
  { name: 'what other nodes wrote', text: READ_RANGE, example: [39_900, 40_000] },
  { name: 'which auth sessions live', text: LIVING_AUTH_SESSIONS, example: [['s1', 's2', 's3']] },
];
