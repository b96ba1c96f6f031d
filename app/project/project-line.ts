import type { Project } from '../../protocol/project.ts';
import { en } from '../messages/en.ts';

/** A project in one line: field, stage, deadline. */
export function projectLine({ field, stage, deadline }: Project): string {
  const day = deadline
    ? en.project.due(new Date(`${deadline}T12:00:00`).toLocaleDateString('en-GB', { dateStyle: 'medium' }))
    : null;
  return [field, stage, day].filter(Boolean).join(' · ') || en.project.noDetails;
}
