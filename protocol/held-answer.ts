import { z } from 'zod';
import { MessageId } from './ids.ts';
import { Text } from './text.ts';

/** The beginning of an answer being written, as a client holds it: so much, and what it is by its fingerprint. */
export const HeldAnswer = z.object({
  messageId: MessageId,
  /** UTF-16 units. */
  length: z.number().int().min(1),
  /** `fingerprintOfText` of them. */
  fingerprint: Text.length(16),
});
export type HeldAnswer = z.infer<typeof HeldAnswer>;
