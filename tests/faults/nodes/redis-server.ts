import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createClient } from 'redis';
import { freePort } from '../../support/free-port.ts';
import { Part } from './part.ts';

export interface RedisServer {
  readonly url: string;
  /** Null for a server that is not ours to kill (TEST_REDIS_URL). */
  readonly part: Part | null;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Why these tests can have no Redis; null when they can. */
export function whyNoRedis(): string | null {
  if (process.env.TEST_REDIS_URL || findBinary()) return null;
  return 'there is no redis-server or valkey-server, and TEST_REDIS_URL is not set';
}

export const mayKillRedis = () => !process.env.TEST_REDIS_URL && findBinary() !== null;

/** A private Redis that keeps nothing, or the one of TEST_REDIS_URL. */
export async function startRedis(): Promise<RedisServer> {
  const given = process.env.TEST_REDIS_URL;
  if (given) return { url: given, part: null, flush: () => flush(given), stop: async () => {} };
  const binary = findBinary();
  if (!binary) throw new Error('No Redis');
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'jstar-redis-'));
  const args = [
    '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir,
  ]; // biome-ignore format: pairs
  const part = new Part(
    () => ({ command: binary, args }),
    () => answers(port),
  );
  await part.start();
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    part,
    flush: () => flush(url),
    async stop() {
      await part.end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function flush(url: string): Promise<void> {
  const client = createClient({ url });
  await client.connect();
  await client.flushAll();
  client.destroy();
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('data', (data) => done(data.toString().startsWith('+PONG')));
    socket.once('error', () => done(false));
  });
}

function findBinary(): string | null {
  for (const name of ['redis-server', 'valkey-server'])
    for (const directory of (process.env.PATH ?? '').split(delimiter))
      if (existsSync(join(directory, name))) return join(directory, name);
  return null;
}
