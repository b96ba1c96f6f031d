import { z } from 'zod';
import { PictureId } from './ids.ts';
import { limits } from './limits.ts';

/** Where pictures of people and groups come down from. */
export const PICTURES_PATH = '/api/pictures';

/** A square picture as it goes up: cut and made small on the device, so that it fits into the change that names it. */
export const NewPicture = z.object({
  id: PictureId,
  /** JPEG, PNG or WebP in base64. */
  data: z
    .base64('A picture goes up in base64')
    .min(1, 'This picture is empty')
    .max(limits.pictureCharacters, 'This picture is too large: send one of 256 pixels a side'),
});
export type NewPicture = z.infer<typeof NewPicture>;
