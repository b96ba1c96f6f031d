import { z } from 'zod';
import { ProjectId, UserId } from './ids.ts';
import { limits } from './limits.ts';
import { Timestamp } from './shapes.ts';
import { Line, Text, visibleLine } from './text.ts';

const notADay = 'A deadline must be a day, such as 2027-05-31';
/** A day, e.g. 2027-05-31; a database knows none in a year 0. */
const Day = z.iso.date(notADay).refine((day) => !day.startsWith('0000'), notADay);

/**
 * The work that conversations are about. Its owner's alone; in a conversation with others that it is linked to, they
 * see all of it but the notes.
 */
export const Project = z.object({
  id: ProjectId,
  ownerId: UserId,
  title: z.string(),
  field: z.string().nullable(),
  stage: z.string().nullable(),
  deadline: z.string().nullable(),
  supervisor: z.string().nullable(),
  notes: z.string().nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Project = z.infer<typeof Project>;

const title = visibleLine('A project needs a title').max(limits.titleLength);
/** Nothing written is nothing known. */
const line = Line.max(limits.projectLineLength)
  .nullish()
  .transform((text) => (text === '' ? null : text));
const notes = Text.trim()
  .max(limits.projectNotesLength)
  .nullish()
  .transform((text) => (text === '' ? null : text));

const details = { field: line, stage: line, deadline: Day.nullish(), supervisor: line, notes };

export const NewProject = z.object({ id: ProjectId, title, ...details });
/** Null takes a detail away; what is left out stays. */
export const ProjectChanges = z.object({ title: title.optional(), ...details });
export type ProjectChanges = z.output<typeof ProjectChanges>;
