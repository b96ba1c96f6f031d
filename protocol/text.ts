import { z } from 'zod';

/** A text that UTF-8 can carry: half of a surrogate pair becomes the character that says so, as any encoder makes it. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/**
 * A text that any column and any frame can hold: well-formed, and without NUL. What is made of what was typed or pasted
 * before it is kept, and of what a model writes: nothing is left in it that is refused below.
 */
export const storable = (text: string): string => wellFormed(text.replaceAll('\0', ''));

/** How much room a text takes on the wire. */
export const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Neither space nor a mark without width nor the blank of Braille: something to see. */
const VISIBLE = /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether there is nothing to see of a text, so that a message of it alone would be an empty bubble. */
export const isBlank = (text: string): boolean => !VISIBLE.test(text);

/** Any JSON with each of its texts changed, keys as well. Not for what may be nested without end. */
export function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [change(key), withTexts(one, change)]));
}

/**
 * Whatever a person writes, in any field: what is hashed, told and stored is the same text, and one that no database
 * can hold is refused. Every string of an input is made of this, of `Line`, or of a pattern that is stricter.
 */
export const Text = z
  .string()
  .overwrite(wellFormed)
  .refine((text) => !text.includes('\0'), 'Text cannot hold the NUL character (U+0000)');

/** Controls of both sets, and what breaks a line though it is none of them. */
const BREAKS = /[\p{Cc}\u2028\u2029]/u;
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;
/** What each mark that turns the direction of writing is ended by. */
const ENDED_BY: Record<string, string> = {
  ...{ '\u202a': '\u202c', '\u202b': '\u202c', '\u202d': '\u202c', '\u202e': '\u202c' },
  ...{ '\u2066': '\u2069', '\u2067': '\u2069', '\u2068': '\u2069' },
};

/** Whether each of its marks of direction is ended within it: what stands behind it is written as ever. */
function keepsItsDirection(text: string): boolean {
  const open: string[] = [];
  for (const [mark] of text.matchAll(DIRECTIONS)) {
    const end = ENDED_BY[mark];
    if (end) open.push(end);
    else if (open.pop() !== mark) return false;
  }
  return open.length === 0;
}

const NOT_ONE_LINE = { notOneLine: true };
/** Whether this is what a `Line` complained of. */
export const isNotOneLine = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'custom' && issue.params?.notOneLine === true;

/**
 * What a person writes that is shown within a line of others' words: a name, a title, a status. It cannot break that
 * line, steer a terminal or a log, or turn round what stands behind it. Asked of what comes in alone: what an earlier
 * version stored is still read.
 */
export const Line = Text.trim().refine((text) => !BREAKS.test(text) && keepsItsDirection(text), {
  error: 'This is one line of text: without line breaks, control characters, or marks of direction left open',
  params: NOT_ONE_LINE,
});

/** A `Line` in which there is something to see: nobody can be called by a mark without width. */
export const visibleLine = (otherwise: string) => Line.refine((text) => !isBlank(text), otherwise);

/** What a device makes of such a text that was typed or pasted. */
export function asLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return keepsItsDirection(line) ? line : line.replace(DIRECTIONS, '');
}

/** What was handed out by a server and comes back: never refused for how it looks, only not known. */
export const Opaque = z.string().overwrite(storable);
