import sharp from 'sharp';
import { ChatError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

/**
 * Packs a picture anew as the square that is kept of people and groups, in WebP. Whatever stood beside its pixels stays
 * behind. Throws INVALID_INPUT for what can't be read.
 */
export async function toSquare(bytes: Buffer): Promise<Buffer> {
  const side = limits.pictureSide;
  try {
    return await sharp(bytes, { limitInputPixels: limits.attachmentPixels, failOn: 'error' })
      .autoOrient()
      .resize(side, side, { fit: 'cover' })
      .webp({ quality: 82 })
      .toBuffer();
  } catch {
    throw new ChatError('INVALID_INPUT', 'This can’t be read as a picture. Choose another one.');
  }
}
