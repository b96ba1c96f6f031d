import type { Attachment } from '../../protocol/shapes.ts';
import type { Files } from '../sync/files.ts';

/** Hands a file over to the person's own device, under its name and as nothing but bytes. */
export async function saveFile(files: Files, { id, name }: Attachment): Promise<void> {
  const content = await files.blob(id, 'whole');
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
