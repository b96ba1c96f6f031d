import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEnv, readEnv } from './env.ts';

const complaint = (source: Record<string, string>): string => {
  try {
    readEnv(source);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no complaint';
};

it('needs nothing at all', () => {
  expect(readEnv({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: 'http://127.0.0.1:3000',
    dataDir: resolve('data'),
    databaseUrl: null,
    redisUrl: null,
    authSecret: null,
    openai: null,
    fallback: null,
    tokensPerDay: null,
    rateLimits: true,
    logLevel: 'info',
    metricsToken: null,
    failpoints: [],
  });
});

it('takes an empty variable for an unset one', () => {
  const empty = Object.fromEntries(
    ['PORT', 'DATABASE_URL', 'AUTH_SECRET', 'RATE_LIMITS'].map((name) => [name, ' ']),
  );
  expect(readEnv(empty)).toEqual(readEnv({}));
});

it.each([
  [
    { PORT: '8080', HOST: '0.0.0.0' },
    { port: 8080, publicUrl: 'http://localhost:8080' },
  ],
  [{ HOST: '::1' }, { publicUrl: 'http://[::1]:3000' }],
  [{ HOST: 'chat_1.campus' }, { publicUrl: 'http://chat_1.campus:3000' }],
  [{ PUBLIC_URL: 'https://Chat.example.org/' }, { publicUrl: 'https://chat.example.org' }],
  [{ DATA_DIR: '/srv/chat' }, { dataDir: '/srv/chat' }],
  [{ DATABASE_URL: 'postgresql://u:p%40@db:5433/chat' }, { databaseUrl: 'postgresql://u:p%40@db:5433/chat' }],
  [{ REDIS_URL: 'redis://cache' }, { redisUrl: 'redis://cache' }],
  [{ OPENAI_API_KEY: 'sk-1' }, { openai: { apiKey: 'sk-1', baseUrl: null, model: 'gpt-4o-mini' } }],
  [
    { OPENAI_BASE_URL: 'http://localhost:11434/v1', OPENAI_MODEL: 'llama3' },
    { openai: { apiKey: null, baseUrl: 'http://localhost:11434/v1', model: 'llama3' } },
  ],
  [{ OPENAI_MODEL: 'llama3' }, { openai: null }],
  [
    { FALLBACK_BASE_URL: 'http://localhost:11434/v1', FALLBACK_MODEL: 'llama3' },
    { fallback: { apiKey: null, baseUrl: 'http://localhost:11434/v1', model: 'llama3' } },
  ],
  [{ TOKENS_PER_DAY: '50000' }, { tokensPerDay: 50_000 }],
  [
    { RATE_LIMITS: 'off', LOG_LEVEL: 'debug' },
    { rateLimits: false, logLevel: 'debug' },
  ],
])('reads %o', (source, expected) => {
  expect(readEnv(source)).toMatchObject(expected);
});

it.each([
  ['PORT', 'http', 'PORT holds "http": it takes a port number from 1 to 65535.'],
  ['PORT', '0', 'PORT holds "0": it takes a port number from 1 to 65535.'],
  ['PORT', '65536', 'PORT holds "65536": it takes a port number from 1 to 65535.'],
  ['PORT', '3000.5', 'PORT holds "3000.5": it takes a port number from 1 to 65535.'],
  ['HOST', 'a b', 'HOST holds "a b": it takes a host name'],
  ['HOST', '0.0.0.0:3000', 'HOST holds "0.0.0.0:3000": it takes a host name'],
  ['HOST', '192.168.1.256', 'HOST holds "192.168.1.256": it takes a host name'],
  ['PUBLIC_URL', 'chat.example.org', 'PUBLIC_URL holds "chat.example.org": it takes the origin'],
  [
    'PUBLIC_URL',
    'https://example.org/chat',
    'PUBLIC_URL holds "https://example.org/chat": it takes the origin',
  ],
  ['DATA_DIR', 'a\0b', 'DATA_DIR holds "a\\u0000b": it takes the path of a directory.'],
  ['DATABASE_URL', 'mysql://db/chat', 'DATABASE_URL holds "mysql://db/chat": it takes postgresql://'],
  ['DATABASE_URL', 'file:./dev.db', 'DATABASE_URL holds "file:./dev.db": it takes postgresql://'],
  ['REDIS_URL', 'localhost:6379', 'REDIS_URL holds "localhost:6379": it takes redis://host:port'],
  ['AUTH_SECRET', 'short', 'AUTH_SECRET holds 5 characters that do not fit: it takes at least 32 characters'],
  ['OPENAI_API_KEY', 'two words', 'OPENAI_API_KEY holds 9 characters that do not fit: it takes a key'],
  ['OPENAI_BASE_URL', 'localhost', 'OPENAI_BASE_URL holds "localhost": it takes the address'],
  ['OPENAI_MODEL', 'two words', 'OPENAI_MODEL holds "two words": it takes the name of a model'],
  ['RATE_LIMITS', 'no', 'RATE_LIMITS holds "no": it takes on or off.'],
  [
    'LOG_LEVEL',
    'loud',
    'LOG_LEVEL holds "loud": it takes one of fatal, error, warn, info, debug, trace, silent.',
  ],
  ['METRICS_TOKEN', 'tök en', 'METRICS_TOKEN holds 6 characters that do not fit: it takes a token'],
])('refuses %s=%s in one sentence', (name, held, sentence) => {
  expect(complaint({ [name]: held })).toContain(sentence);
  expect(complaint({ [name]: held })).not.toContain('\n');
});

it('names every bad variable, a line each', () => {
  expect(complaint({ PORT: 'x', LOG_LEVEL: 'y' }).split('\n')).toHaveLength(2);
});

describe('never repeats a secret', () => {
  it.each([
    ['DATABASE_URL', 'mysql://jay:hunter2@db/chat'],
    ['DATABASE_URL', 'postgres//jay:hunt@hunter2@db/chat'],
    ['DATABASE_URL', 'mysql://db/chat?password=hunter2'],
    ['REDIS_URL', 'http://:hunter2@cache'],
    ['PUBLIC_URL', 'https://jay:hunter2@example.org'],
    ['OPENAI_BASE_URL', 'ftp://jay:hunter2@example.org'],
    ['AUTH_SECRET', 'hunter2'],
    ['OPENAI_API_KEY', 'sk hunter2'],
    ['METRICS_TOKEN', 'hunter2 '.repeat(2)],
  ])('of %s=%s', (name, held) => {
    expect(complaint({ [name]: held })).toContain(`${name} holds `);
    expect(complaint({ [name]: held })).not.toContain('hunter2');
  });
});

it('says so where .env cannot be read', () => {
  const directory = mkdtempSync(join(tmpdir(), 'jstar-env-'));
  expect(() => loadEnv(directory)).toThrow(
    `${directory} can't be read (EISDIR): make it a readable file, or take it away.`,
  );
  rmSync(directory, { recursive: true });
});
