import { z } from 'zod';
import { Timestamp } from './shapes.ts';

/** What one person used of Agent Jay's models today. Days are UTC. */
export const Usage = z.object({
  day: z.string(),
  /** The built-in guide's too. */
  answers: z.number().int(),
  /** Of paid services: what they were given and what they wrote. */
  tokens: z.number().int(),
  /** Millionths of a dollar, as far as prices are known. */
  costMicros: z.number().int(),
  /** Null: as many as one likes. */
  tokensPerDay: z.number().int().nullable(),
  resetsAt: Timestamp,
});
export type Usage = z.infer<typeof Usage>;
