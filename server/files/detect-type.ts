import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import { ChatError } from '../../protocol/errors.ts';

/** Programs that run on a double click: a chat is a good way to pass these on, and no good comes of it. */
const programs = new Set([
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/x-ms-shortcut',
]);

const LOOKED_AT_BYTES = 4_096;

/**
 * What a file is by its own bytes; what its sender says counts for nothing but text, which has no mark of its own.
 * Throws INVALID_INPUT for programs, and for what calls itself a picture and is none.
 */
export async function detectType(
  path: string,
  file: { name: string; declaredType: string },
): Promise<string> {
  // A file that ends in the middle of what it begins to be is of no type.
  const found = await fileTypeFromFile(path).catch(() => undefined);
  if (found && programs.has(found.mime)) {
    throw new ChatError(
      'INVALID_INPUT',
      `“${file.name}” is a program, and programs are not passed on here. Pack it into a zip file to send it all the same.`,
    );
  }
  const claimsPicture = /^image\/(?!svg)/i.test(file.declaredType);
  if (claimsPicture && !found?.mime.startsWith('image/')) {
    throw new ChatError(
      'INVALID_INPUT',
      `“${file.name}” says that it is a picture, but it is not. Open it to see what it is, or send another.`,
    );
  }
  if (found) return found.mime;
  return (await isText(path)) ? 'text/plain' : 'application/octet-stream';
}

/** Whether it begins as UTF-8 without control characters: notes, sources, tables, markup. */
async function isText(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LOOKED_AT_BYTES), 0, LOOKED_AT_BYTES, 0);
    const isWhole = bytesRead < LOOKED_AT_BYTES;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead), {
      stream: !isWhole,
    });
    return !/\p{Cc}/u.test(text.replace(/\s/g, ''));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
