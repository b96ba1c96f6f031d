import { z } from 'zod';
import { MemoryId, MessageId, SessionId } from './ids.ts';
import { limits } from './limits.ts';
import { Timestamp } from './shapes.ts';
import { asLine, isBlank } from './text.ts';

/** A fact about the person and their work, or how they like to be answered. */
export const MemoryKind = z.enum(['fact', 'preference']);
export type MemoryKind = z.infer<typeof MemoryKind>;

/** Where it comes from: something said, an opinion on an answer, or written down by the person. */
export const MemoryOrigin = z.enum(['said', 'feedback', 'written']);
export type MemoryOrigin = z.infer<typeof MemoryOrigin>;

/** One thing that Agent Jay remembers of a person; theirs alone. */
export const Memory = z.object({
  id: MemoryId,
  kind: MemoryKind,
  content: z.string(),
  origin: MemoryOrigin,
  /** What it was learnt from: the message that said it, or the answer that was judged. */
  sourceMessageId: MessageId.nullable(),
  sourceSessionId: SessionId.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Memory = z.infer<typeof Memory>;

/** Made one line, without what no database can hold: Agent Jay writes it too, and is asked only once. */
export const MemoryContent = z
  .string()
  .transform((text) => asLine(text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '')).replace(/\s+/g, ' '))
  .pipe(
    z
      .string()
      .refine((text) => !isBlank(text), 'Write what is to be remembered')
      .max(limits.memoryLength),
  );
