import { z } from 'zod';

/** A text that UTF-8 can carry: half of a surrogate pair becomes the character that says so, as any encoder makes it. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** What a device makes of what was typed or pasted, before it is kept: nothing is left in it that is refused below. */
export const asTyped = (text: string): string => wellFormed(text.replaceAll('\0', ''));

/** Any JSON with each of its texts changed, keys as well. Not for what may be nested without end. */
export function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [change(key), withTexts(one, change)]));
}

/**
 * Whatever a person writes, in any field: what is hashed, told and stored is the same text, and one that no database
 * can hold is refused. Every string of an input is made of this, or of a pattern that is stricter.
 */
export const Text = z
  .string()
  .overwrite(wellFormed)
  .refine((text) => !text.includes('\0'), 'Text cannot hold the NUL character (U+0000)');

/** What was handed out by a server and comes back: never refused for how it looks, only not known. */
export const Opaque = z.string().overwrite(asTyped);
