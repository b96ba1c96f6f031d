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
  /** Words that students use for it, besides those in the text. */
  keywords: string[];
  /** What they ask next. */
  questions: string[];
  related: number[];
  sections: Section[];
}

const Head = z.object({
  title: z.string().min(1),
  keywords: z.string().min(1),
  questions: z.array(z.string()).min(3).max(5),
  related: z.array(z.number().int()),
});

/** Reads every `NN-name.md`. Throws when one is not as it should be: a handbook is shipped, not written by users. */
export function readHandbook(dir: string): Entry[] {
  return readdirSync(dir)
    .filter((name) => /^\d\d-.+\.md$/.test(name))
    .sort()
    .map((name) => parseEntry(Number(name.slice(0, 2)), readFileSync(join(dir, name), 'utf8'), name));
}

function parseEntry(number: number, file: string, name: string): Entry {
  const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file) ?? [];
  const fields: Record<string, unknown> = {};
  let list: string[] = [];
  for (const line of head.split('\n')) {
    const [, item] = /^\s+-\s+(.+)$/.exec(line) ?? [];
    const [, key = '', value = ''] = /^(\w+):\s*(.*)$/.exec(line) ?? [];
    if (item) list.push(item);
    else if (key === 'questions') fields[key] = list = [];
    else if (key === 'related') fields[key] = value.split(',').map(Number);
    else if (key) fields[key] = value;
  }
  const parsed = Head.safeParse(fields);
  if (!parsed.success)
    throw new Error(`The handbook entry ${name} is not well-formed: ${parsed.error.message}`);
  const { title, keywords, questions, related } = parsed.data;
  const sections = body
    .split(/^## /m)
    .map((part, index): Section => {
      if (index === 0) return { heading: title, text: part.trim() };
      const end = part.indexOf('\n');
      return { heading: part.slice(0, end).trim(), text: part.slice(end + 1).trim() };
    })
    .filter((section) => section.text !== '');
  return {
    number,
    title,
    keywords: keywords.split(',').map((word) => word.trim()),
    questions,
    related,
    sections,
  };
}
