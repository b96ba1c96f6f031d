import { z } from 'zod';

/** Position of an event in its chat session: 1, 2, 3 … without a hole, in commit order. */
export const Seq = z.number().int().nonnegative().max(2_147_483_647);
export type Seq = z.infer<typeof Seq>;
