import { expect, it } from 'vitest';
import type { z } from 'zod';
import { BeginAttachment } from './attachments.ts';
import { inputs } from './procedures.ts';
import { asLine } from './text.ts';

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

/** What a person may write in several lines, and what is a text but none of a person's. */
const SEVERAL_LINES = [
  'message.send.content',
  'message.edit.content',
  'message.feedback.reason',
  'people.report.reason',
  'draft.set.content',
  'project.create.notes',
  'project.update.notes',
  'session.update.context',
];
const NO_WORDS = [
  'message.react.emoji',
  'message.search.query',
  'message.search.after',
  'session.revokeInvite.token',
  'session.join.token',
  'events.subscribe.cursor',
  'events.subscribe.lastEventId',
  'events.subscribe.answers[].fingerprint',
  'sync.verify.sessions[].blocks[].fingerprint',
];
const lines = fields.filter(({ path }) => ![...SEVERAL_LINES, ...NO_WORDS].includes(path));

const COLOURS = '\u001b[31m';
const OVERRIDE = '\u202e';
const UNFIT = ['a\nb', 'a\r\nb', 'a\tb', `a${COLOURS}b`, 'a\u0085b', 'a\u2028b', 'a\u2029b'];
const TURNED = [`${OVERRIDE}b`, 'a\u2067b', 'a\u2066b\u202c', 'a\u2069b', 'a\u202bb\u2067c\u202c\u2069'];

it.each(SEVERAL_LINES.filter((path) => !path.endsWith('context')))(
  '%s keeps its lines as they are',
  (path) => {
    const field = fields.find((one) => one.path === path);
    expect(field?.schema.parse('a\n\tb')).toBe('a\n\tb');
  },
);

it.each(lines)('$path is one line, in which nothing turns what stands behind it', ({ schema }) => {
  for (const value of [...UNFIT, ...TURNED]) {
    const parsed = schema.safeParse(value);
    // Some are made a line of, and some take nothing but a pattern or a name.
    if (parsed.success) expect(asLine(String(parsed.data))).toBe(parsed.data);
    else expect(parsed.error.issues[0]?.message).toMatch(/\w/);
  }
});

it.each([
  'me.update.name',
  'session.create.title',
  'project.update.supervisor',
  'me.update.settings.activity',
])('%s says why a text is no line, and takes the names of people who write from right to left', (path) => {
  const schema = fields.find((one) => one.path === path)?.schema;
  for (const value of [...UNFIT, ...TURNED])
    expect(schema?.safeParse(value).error?.issues[0]?.message, JSON.stringify(value)).toBe(
      'This is one line of text: without line breaks, control characters, or marks of direction left open',
    );
  const fine = ['فاطمة', 'Dr. \u2068שרה\u2069 Levi', 'Ada\u200f', '👩🏽‍🎓', '\u202bعلي\u202c (2)'];
  for (const value of fine) expect(schema?.safeParse(value).data).toBe(value);
  expect(schema?.safeParse('  Ada\n').data).toBe('Ada');
});
