import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { failpoints, type PlannedDeath } from './failpoints.ts';
import { StartError } from './start-error.ts';

interface ModelService {
  apiKey: string | null;
  baseUrl: string | null;
  model: string;
}

/** Everything that can be set from outside; the names and defaults are those of `.env.example`. */
export interface Env {
  port: number;
  host: string;
  /** The origin that browsers use, without a slash at its end. */
  publicUrl: string;
  /** Absolute. */
  dataDir: string;
  /** null: an embedded PostgreSQL in `dataDir`. May hold a password. */
  databaseUrl: string | null;
  /** null: one node. May hold a password. */
  redisUrl: string | null;
  /** null: generated once into `dataDir`. */
  authSecret: string | null;
  /** null: the built-in guide answers. Either the key or the address may be missing (OpenAI itself; a local server). */
  openai: ModelService | null;
  /** Asked where the first one cannot answer; null: the built-in guide stands in at once. */
  fallback: ModelService | null;
  /** Of paid services, for one person; null: as many as one likes. */
  tokensPerDay: number | null;
  rateLimits: boolean;
  logLevel: LogLevel;
  metricsToken: string | null;
  /** Where a server under test is to die; always empty unless NODE_ENV is "test". */
  failpoints: PlannedDeath[];
}

const LogLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);
type LogLevel = z.infer<typeof LogLevel>;

interface Variable<T> {
  schema: z.ZodType<T, string>;
  /** Ends the sentence "PORT holds "x": it takes …". */
  takes: string;
  /** What of a bad value may be repeated on the terminal: all of it, all but a password, or its length only. */
  show: 'value' | 'address' | 'length';
}

const word = z.string().regex(/^[\x21-\x7e]+$/);

const variables = {
  PORT: {
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(65_535)),
    takes: 'a port number from 1 to 65535',
    show: 'value',
  },
  HOST: {
    schema: z
      .string()
      .regex(/^[\w.:-]+$/)
      // A port behind it belongs into PORT.
      .refine((host) => URL.canParse(`http://${browsable(host)}`)),
    takes: 'a host name or address to listen on, such as 127.0.0.1 or 0.0.0.0',
    show: 'value',
  },
  PUBLIC_URL: {
    schema: urlOf(['http:', 'https:'])
      .refine((url) => url.pathname === '/' && !url.search && !url.hash && !url.username)
      .transform((url) => url.origin),
    takes: 'the origin that browsers use, such as https://chat.example.org, without a path',
    show: 'address',
  },
  DATA_DIR: {
    schema: z
      .string()
      .refine((path) => !path.includes('\0'))
      .transform((path) => resolve(path)),
    takes: 'the path of a directory',
    show: 'value',
  },
  DATABASE_URL: {
    schema: urlOf(['postgresql:', 'postgres:'], { keepSpelling: true }),
    takes: 'postgresql://user:password@host:port/database, or nothing for the embedded database',
    show: 'address',
  },
  REDIS_URL: {
    schema: urlOf(['redis:', 'rediss:'], { keepSpelling: true }),
    takes: 'redis://host:port, or nothing for a single node',
    show: 'address',
  },
  AUTH_SECRET: {
    schema: z.string().min(32),
    takes: 'at least 32 characters, or nothing to have one generated',
    show: 'length',
  },
  OPENAI_API_KEY: { schema: word, takes: 'a key of printable characters without spaces', show: 'length' },
  OPENAI_BASE_URL: {
    schema: urlOf(['http:', 'https:'], { keepSpelling: true }),
    takes: 'the address of an OpenAI-compatible server, such as http://localhost:11434/v1',
    show: 'address',
  },
  OPENAI_MODEL: { schema: word, takes: 'the name of a model, such as gpt-4o-mini', show: 'value' },
  FALLBACK_API_KEY: { schema: word, takes: 'a key of printable characters without spaces', show: 'length' },
  FALLBACK_BASE_URL: {
    schema: urlOf(['http:', 'https:'], { keepSpelling: true }),
    takes: 'the address of a second OpenAI-compatible server, such as http://localhost:11434/v1',
    show: 'address',
  },
  FALLBACK_MODEL: { schema: word, takes: 'the name of a model, such as llama3.2', show: 'value' },
  TOKENS_PER_DAY: {
    schema: z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
    takes: 'how many tokens of AI answers one person may use a day, such as 100000, or nothing for no limit',
    show: 'value',
  },
  RATE_LIMITS: { schema: z.enum(['on', 'off']), takes: 'on or off', show: 'value' },
  LOG_LEVEL: { schema: LogLevel, takes: `one of ${LogLevel.options.join(', ')}`, show: 'value' },
  FAILPOINTS: {
    schema: z.string().transform((text, context) => {
      const plan = text.split(',').map((death) => /^([a-z-]+):([1-9]\d*)$/.exec(death));
      return plan.flatMap((match) => {
        const place = failpoints.find((name) => name === match?.[1]);
        if (place && match?.[2]) return { place, hit: Number(match[2]) };
        context.addIssue({ code: 'custom', message: 'no such place' });
        return [];
      });
    }),
    takes: `places with the time at which to die there, such as before-commit:3; places are ${failpoints.join(', ')}`,
    show: 'value',
  },
  METRICS_TOKEN: { schema: word, takes: 'a token of printable characters without spaces', show: 'length' },
} satisfies Record<string, Variable<unknown>>;

type Name = keyof typeof variables;
type Value<N extends Name> = z.output<(typeof variables)[N]['schema']>;

/**
 * Parses the variables of `source`; an empty one counts as unset. Throws a StartError with one sentence for each bad
 * value: its name, what it held (never a secret) and what it takes.
 */
export function readEnv(source: Record<string, string | undefined>): Env {
  const complaints: string[] = [];
  const read = <N extends Name>(name: N): Value<N> | null => {
    const held = source[name]?.trim();
    if (!held) return null;
    const { schema, takes, show }: Variable<unknown> = variables[name];
    const parsed = schema.safeParse(held);
    if (!parsed.success) complaints.push(`${name} holds ${shown(held, show)}: it takes ${takes}.`);
    return parsed.success ? (parsed.data as Value<N>) : null; // the schema of this very name
  };

  const port = read('PORT') ?? 3000;
  const host = read('HOST') ?? '127.0.0.1';
  const apiKey = read('OPENAI_API_KEY');
  const baseUrl = read('OPENAI_BASE_URL');
  const model = read('OPENAI_MODEL') ?? 'gpt-4o-mini';
  const second = { apiKey: read('FALLBACK_API_KEY'), baseUrl: read('FALLBACK_BASE_URL') };
  const secondModel = read('FALLBACK_MODEL') ?? 'gpt-4o-mini';
  const env: Env = {
    port,
    host,
    publicUrl: read('PUBLIC_URL') ?? `http://${browsable(host)}:${port}`,
    dataDir: read('DATA_DIR') ?? resolve('data'),
    databaseUrl: read('DATABASE_URL'),
    redisUrl: read('REDIS_URL'),
    authSecret: read('AUTH_SECRET'),
    openai: apiKey || baseUrl ? { apiKey, baseUrl, model } : null,
    fallback: second.apiKey || second.baseUrl ? { ...second, model: secondModel } : null,
    tokensPerDay: read('TOKENS_PER_DAY'),
    rateLimits: read('RATE_LIMITS') !== 'off',
    logLevel: read('LOG_LEVEL') ?? 'info',
    metricsToken: read('METRICS_TOKEN'),
    failpoints: source.NODE_ENV === 'test' ? (read('FAILPOINTS') ?? []) : [],
  };
  if (complaints.length > 0) throw new StartError(complaints.join('\n'));
  return env;
}

/** The environment of this process, with what a `.env` file in the working directory adds to it. Throws a StartError. */
export function loadEnv(file = '.env'): Env {
  if (existsSync(file))
    for (const [name, value] of Object.entries(parseEnv(readText(file)))) process.env[name] ??= value;
  return readEnv(process.env);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // what fs throws
    throw new StartError(`${file} can't be read (${code}): make it a readable file, or take it away.`);
  }
}

function urlOf(protocols: string[]): z.ZodType<URL, string>;
function urlOf(protocols: string[], options: { keepSpelling: true }): z.ZodType<string, string>;
function urlOf(protocols: string[], options?: { keepSpelling: true }): z.ZodType<URL | string, string> {
  return z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol) && new URL(text).host !== '',
    )
    .transform((text) => (options?.keepSpelling ? text : new URL(text)));
}

function shown(held: string, show: Variable<unknown>['show']): string {
  if (show === 'length') return `${held.length} characters that do not fit`;
  if (show === 'address' && /passw|secret|token|key/i.test(held)) return 'something that may be secret';
  // Up to the last @, for a password may itself hold one.
  const safe = show === 'address' ? held.replace(/^([a-z]+:\/\/)?.*@/is, '$1…@') : held;
  return JSON.stringify(safe.length > 100 ? `${safe.slice(0, 100)}…` : safe);
}

/** A browser can't open the address that means "every interface". */
function browsable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
