import { z } from 'zod';

const LAST = 2_147_483_647;

/** Position of an event in its chat session: 1, 2, 3 … without a hole, in commit order. */
export const Seq = z.number().int().nonnegative().max(LAST);
export type Seq = z.infer<typeof Seq>;

/** A bound that somebody asks with: beyond all that there can be, it is the last there can be. */
export const SeqBound = z
  .number()
  .int()
  .nonnegative()
  .transform((seq) => Math.min(seq, LAST));
