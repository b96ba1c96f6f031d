import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A part of an entry under its own heading; the opening stands under the entry's title. */
export interface Section {
  heading: string;
  text: string;
}

export interface Entry {
  number: number;
  title: string;
  /** Words and phrases that students use for it, besides those in the text. */
  keywords: string[];
  /** 3–5 questions that a student is likely to ask next. */
  questions: string[];
  /** Numbers of entries that help with it. */
  related: number[];
  /** What answers the question at once, before the first heading. */
  opening: Section;
  sections: Section[];
}

const Head = z.object({
  title: z.string().min(1),
  keywords: z.array(z.string().min(1)).min(1),
  questions: z.array(z.string().min(1)).min(3).max(5),
  related: z.array(z.number().int().positive()),
});

/**
 * Reads every `NN-slug.md`, in order of number.
 * @throws when one is not as it should be or the directory holds none: a handbook is shipped, not written by users
 */
export function readHandbook(dir: string): Entry[] {
  const entries = readdirSync(dir)
    .filter((name) => /^\d\d-.+\.md$/.test(name))
    .sort()
    .map((name) => parseEntry(name, readFileSync(join(dir, name), 'utf8')));
  if (entries.length === 0) throw new Error('The handbook has no entries.');
  return entries;
}

/** @param name `NN-slug.md`: its number is the entry's number */
export function parseEntry(name: string, file: string): Entry {
  const [, head = '', body = ''] =
    /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file.replace(/\r\n/g, '\n')) ?? [];
  const parsed = Head.safeParse(fieldsOf(head));
  if (!parsed.success)
    throw new Error(`The handbook entry ${name} is not well-formed: ${parsed.error.message}`);
  const [opening = '', ...parts] = body.split(/^## /m);
  return {
    number: Number(name.slice(0, 2)),
    ...parsed.data,
    opening: { heading: parsed.data.title, text: opening.trim() },
    sections: parts.map((part) => {
      const end = part.indexOf('\n');
      return { heading: part.slice(0, end).trim(), text: part.slice(end + 1).trim() };
    }),
  };
}

/** `key: value`, commas between several values; or a list, one `  - value` a line. */
function fieldsOf(head: string): Record<string, unknown> {
  const lists: Record<string, string[]> = {};
  let title = '';
  let open: string[] = [];
  for (const line of head.split('\n')) {
    const [, item] = /^\s+-\s+(.+)$/.exec(line) ?? [];
    const [, key = '', value = ''] = /^(\w+):\s*(.*)$/.exec(line) ?? [];
    if (item) open.push(item.trim());
    else if (key === 'title') title = value.trim();
    else if (key) open = lists[key] = splitList(value);
  }
  return { ...lists, title, related: lists.related?.map(Number) };
}

/** All that an entry says, without its headings. */
export const textOf = (entry: Entry) => [entry.opening, ...entry.sections].map(({ text }) => text).join('\n');

const splitList = (value: string) =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
