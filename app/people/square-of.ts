import { limits } from '../../protocol/limits.ts';
import { drawPicture } from '../attachments/prepare-picture.ts';

const QUALITY = 0.85;

/** The middle of a picture, as the small square that is shown of people and groups. Throws for what is no picture. */
export async function squareOf(file: Blob): Promise<Blob> {
  const whole = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    const side = Math.min(whole.width, whole.height);
    const [x, y] = [Math.floor((whole.width - side) / 2), Math.floor((whole.height - side) / 2)];
    const middle = await createImageBitmap(whole, x, y, side, side);
    try {
      return (await drawPicture(middle, limits.pictureSide, limits.pictureSide, QUALITY)).content;
    } finally {
      middle.close();
    }
  } finally {
    whole.close();
  }
}
