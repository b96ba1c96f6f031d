import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { ChatError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

/** What is kept of a picture: itself without what it says of its maker and place, a smaller one, and a few pixels. */
export interface CleanPicture {
  bytes: Buffer;
  width: number;
  height: number;
  /** WebP. */
  thumbnail: Buffer;
  /** A data: address of some hundred characters. */
  preview: string;
}

type PictureType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | 'image/avif';

const formats = {
  'image/jpeg': (picture) => picture.jpeg({ quality: 88 }),
  'image/png': (picture) => picture.png({ compressionLevel: 8 }),
  'image/webp': (picture) => picture.webp({ quality: 88 }),
  'image/gif': (picture) => picture.gif(),
  'image/avif': (picture) => picture.avif({ quality: 65, effort: 2 }),
} as const satisfies Record<PictureType, (picture: Sharp) => Sharp>;

const THUMBNAIL_PX = 640;
const PREVIEW_PX = 20;

export const isCleanable = (mimeType: string): mimeType is PictureType => mimeType in formats;

// One thread, and nothing remembered between pictures: the server's memory is for conversations.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Unpacks a picture once and packs it anew: places, cameras and whatever was hidden behind its pixels stay behind.
 * Throws TOO_LARGE for more pixels than the limit (before they are unpacked), INVALID_INPUT for what can't be read.
 */
export async function cleanPicture(path: string, mimeType: PictureType, name: string): Promise<CleanPicture> {
  const animated = mimeType === 'image/gif' || mimeType === 'image/webp';
  const open = (options: SharpOptions = {}) =>
    sharp(path, { limitInputPixels: limits.attachmentPixels, failOn: 'error', ...options });
  try {
    const { width, height, pages = 1 } = await open().metadata();
    if (width * height * (animated ? pages : 1) > limits.attachmentPixels) throw tooManyPixels(name);
    const { data, info } = await formats[mimeType](open({ animated }).autoOrient()).toBuffer({
      resolveWithObject: true,
    });
    const small = (px: number) =>
      open().autoOrient().resize(px, px, { fit: 'inside', withoutEnlargement: true });
    const thumbnail = await small(THUMBNAIL_PX).webp({ quality: 75 }).toBuffer();
    const pixels = await small(PREVIEW_PX).webp({ quality: 30, alphaQuality: 30 }).toBuffer();
    return {
      bytes: data,
      width: info.width,
      height: info.pageHeight ?? info.height,
      thumbnail,
      preview: `data:image/webp;base64,${pixels.toString('base64')}`,
    };
  } catch (error) {
    if (error instanceof ChatError) throw error;
    if (error instanceof Error && /pixel limit/i.test(error.message)) throw tooManyPixels(name);
    throw new ChatError(
      'INVALID_INPUT',
      `“${name}” can't be read as a picture: it may be damaged. Take or save it again, then send that.`,
    );
  }
}

const tooManyPixels = (name: string) =>
  new ChatError(
    'TOO_LARGE',
    `“${name}” has too many pixels: up to ${limits.attachmentPixels / 1_000_000} million are taken. Make it smaller first.`,
  );
