import { z } from 'zod';
import { AttachmentId, SessionId } from './ids.ts';
import { limits } from './limits.ts';
import { isBlank, Line, wellFormed } from './text.ts';

/** Where files go up (tus 1.0.0) and come down from. */
export const ATTACHMENTS_PATH = '/api/attachments';

/** What an upload begins with: the metadata of its tus creation, and its announced length. */
export const BeginAttachment = z.object({
  id: AttachmentId,
  sessionId: SessionId,
  name: z
    .string()
    .transform(plainName)
    .refine((name) => !isBlank(name), 'A file needs a name'),
  type: Line.max(200).default('application/octet-stream'),
  bytes: z.number('Say how long the file is').int().min(1, 'This file is empty: there is nothing to send'),
});
export type BeginAttachment = z.infer<typeof BeginAttachment>;

/**
 * A name for people to read, never a path: no folders, no control or direction marks that make an ending look like
 * another, not longer than limits.attachmentNameLength with its ending kept.
 */
export function plainName(name: string): string {
  const last = wellFormed(name).split(/[/\\]/).pop() ?? '';
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .replace(/^\.+/, '')
    .trim();
  if (plain.length <= limits.attachmentNameLength) return plain;
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(plain)?.[0] ?? '';
  // Cut between units, of which half a character may be left.
  return plain.slice(0, limits.attachmentNameLength - ending.length).replace(/\p{Surrogate}$/u, '') + ending;
}

/** Pictures that every browser shows, and that are therefore shown and not only offered as files. */
export const shownTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'] as const;

export const isPicture = ({ mimeType, width }: { mimeType: string; width: number | null }): boolean =>
  width !== null && shownTypes.some((type) => type === mimeType);
