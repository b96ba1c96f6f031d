import { isPicture } from '../../protocol/attachments.ts';
import type { Attachment } from '../../protocol/shapes.ts';
import { en } from '../messages/en.ts';

/** What a message without words says, in one line. */
export function describeFiles(files: readonly Attachment[]): string {
  const [first] = files;
  if (!first) return '';
  if (files.every(isPicture))
    return files.length === 1 ? `📷 ${en.files.photo}` : `📷 ${en.files.photos(files.length)}`;
  return files.length === 1 ? `📎 ${first.name}` : `📎 ${en.files.file(files.length)}`;
}
