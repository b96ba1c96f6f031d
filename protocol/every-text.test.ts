import { expect, it } from 'vitest';
import type { z } from 'zod';
import { BeginAttachment } from './attachments.ts';
import { inputs } from './procedures.ts';

interface Field {
  path: string;
  schema: z.ZodType;
}

/** What zod 4 says of itself, as far as a walk needs it. */
interface Def {
  type: string;
  innerType?: z.ZodType;
  element?: z.ZodType;
  keyType?: z.ZodType;
  valueType?: z.ZodType;
  in?: z.ZodType;
  options?: z.ZodType[];
  shape?: Record<string, z.ZodType>;
}

const WRAPS = ['optional', 'nullable', 'default', 'prefault', 'nonoptional', 'readonly', 'catch'];
const HOLDS_NO_TEXT = ['boolean', 'number', 'int', 'enum', 'literal', 'null', 'undefined'];

/** Every place of an input where a person's text, or any JSON, may stand. */
function fieldsOf(schema: z.ZodType, path: string): Field[] {
  const def = schema._zod.def as unknown as Def; // the union of all kinds has no common fields
  const into = (inner: z.ZodType | undefined, name = path) => (inner ? fieldsOf(inner, name) : []);
  if (WRAPS.includes(def.type)) return into(def.innerType);
  if (HOLDS_NO_TEXT.includes(def.type)) return [];
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape ?? {}).flatMap(([name, inner]) => into(inner, `${path}.${name}`));
    case 'array':
      return into(def.element, `${path}[]`);
    case 'union':
      return (def.options ?? []).flatMap((option) => into(option));
    case 'record':
      return [...into(def.keyType, `${path}{key}`), ...into(def.valueType, `${path}{}`)];
    case 'pipe': {
      // What is taken apart further is walked; a text that is changed on its way is asked as a whole.
      const inner = into(def.in);
      const isWhole = inner.some((field) => field.path === path);
      return isWhole ? [{ path, schema }] : inner;
    }
    case 'string':
    case 'custom':
    case 'unknown':
    case 'any':
      return [{ path, schema }];
    default:
      throw new Error(`${path} is a "${def.type}": teach this walk what it is`);
  }
}

const fields = [
  ...Object.entries(inputs).flatMap(([name, schema]) => fieldsOf(schema, name)),
  ...fieldsOf(BeginAttachment, 'attachment'),
];

const NUL = '\0';
const HALF = '\udc00';
const bearing = (bad: string): unknown[] => [
  bad,
  `a${bad}b`,
  `${bad} ada@example.org`,
  [`a${bad}b`],
  { note: `a${bad}b` },
  { [`a${bad}b`]: 1 },
  { note: { deep: [`a${bad}b`] } },
];

const holds = (value: unknown, bad: RegExp): boolean => {
  if (typeof value === 'string') return bad.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some((entry) => entry.some((one) => holds(one, bad)));
};

it('finds the texts of the wire', () => {
  const paths = fields.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'session.create.title',
      'session.update.context',
      'message.send.content',
      'message.react.emoji',
      'project.update.notes',
      'memory.add.content',
      'me.update.settings.language',
      'events.subscribe.cursor',
      'attachment.type',
    ]),
  );
});

it.each(fields)('$path takes no NUL, which no database can hold', ({ schema }) => {
  for (const value of bearing(NUL)) {
    const parsed = schema.safeParse(value);
    if (parsed.success) expect(holds(parsed.data, /\0/), JSON.stringify(value)).toBe(false);
    else expect(parsed.error.issues[0]?.message).toMatch(/\w/);
  }
});

it.each(fields)('$path is well-formed before it is hashed, told and stored', ({ schema }) => {
  for (const value of bearing(HALF)) {
    const parsed = schema.safeParse(value);
    if (parsed.success) expect(holds(parsed.data, /\p{Surrogate}/u), JSON.stringify(value)).toBe(false);
  }
});
