import { z } from 'zod';
import { MemoryId, ProjectId } from './ids.ts';
import { Memory } from './memory.ts';
import { Seq, Settings } from './shapes.ts';

/**
 * What a model was given with a question, as it is kept with the answer: of memories and projects only which, so that
 * what is forgotten is forgotten here too. Kept rows of older versions lack the later fields.
 */
export const ContextUsed = z.object({
  messages: z.number().int(),
  /** Estimated. */
  tokens: z.number().int(),
  /** The summary reached up to here; null when none was needed. */
  summaryUpTo: Seq.nullable().default(null),
  projectId: ProjectId.nullable().default(null),
  memoryIds: z.array(MemoryId).default([]),
  style: Settings.pick({ tone: true, length: true, language: true }).nullable().default(null),
  isGroup: z.boolean().default(false),
});
export type ContextUsed = z.infer<typeof ContextUsed>;

/** The same for the one who asked: what is still there in words, the rest counted. */
export const AnswerContext = ContextUsed.omit({ memoryIds: true }).extend({
  /** Null when there was none, or it is gone. */
  projectTitle: z.string().nullable(),
  memories: z.array(Memory),
  forgotten: z.number().int(),
});
export type AnswerContext = z.infer<typeof AnswerContext>;
