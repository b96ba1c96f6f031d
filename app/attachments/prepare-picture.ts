/** A picture as it is sent, and what is shown of it until it is there. */
export interface PreparedPicture {
  content: Blob;
  type: string;
  width: number;
  height: number;
  /** A data: address of some hundred characters. */
  preview: string;
}

const LONGEST_PX = 2048;
const PREVIEW_PX = 20;
const QUALITY = 0.85;

/**
 * Makes a picture small enough for a metered line, on this device: at most 2,048 pixels a side, WebP or JPEG. Moving
 * pictures, and those that would not become smaller, stay as they are. Throws what the browser says of a file that it
 * cannot read as a picture.
 */
export async function preparePicture(
  file: Blob,
  { original }: { original: boolean },
): Promise<PreparedPicture> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    const { width, height } = bitmap;
    const preview = await tinyPreview(bitmap);
    const asItIs = { content: file, type: file.type, width, height, preview };
    if (original || file.type === 'image/gif') return asItIs;
    const scale = Math.min(1, LONGEST_PX / Math.max(width, height));
    const smaller = await drawPicture(bitmap, Math.round(width * scale), Math.round(height * scale), QUALITY);
    if (scale === 1 && smaller.content.size >= file.size) return asItIs;
    return { ...smaller, preview };
  } finally {
    bitmap.close();
  }
}

async function tinyPreview(bitmap: ImageBitmap): Promise<string> {
  const scale = PREVIEW_PX / Math.max(bitmap.width, bitmap.height);
  const side = (px: number) => Math.max(1, Math.round(px * scale));
  const { content } = await drawPicture(bitmap, side(bitmap.width), side(bitmap.height), 0.4);
  const bytes = new Uint8Array(await content.arrayBuffer());
  return `data:${content.type};base64,${btoa(String.fromCharCode(...bytes))}`;
}

export async function drawPicture(bitmap: ImageBitmap, width: number, height: number, quality: number) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws no pictures.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  // Browsers that cannot write WebP give PNG instead, which is no saving.
  const webp = await toBlob(canvas, 'image/webp', quality);
  const content = webp.type === 'image/webp' ? webp : await toBlob(canvas, 'image/jpeg', quality);
  return { content, type: content.type, width, height };
}

function toBlob(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be drawn.'))),
      type,
      quality,
    );
  });
}
