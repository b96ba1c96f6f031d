import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findPostgresBinaries } from '../../../server/store/postgres-binaries.ts';
import { chooseUser, handOver } from '../../../server/store/unprivileged.ts';
import { freePort } from '../../support/free-port.ts';
import { Part } from './part.ts';

export interface PostgresServer {
  readonly url: string;
  readonly part: Part;
  stop(): Promise<void>;
}

export interface PostgresPrograms {
  postgres: string;
  initdb: string;
}

/** Of the npm package that the product embeds. */
export const packagedPostgres = (): PostgresPrograms => findPostgresBinaries();

/** The machine's own, where Debian puts it; null where there is none. */
export function systemPostgres(): PostgresPrograms | null {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return null;
  for (const major of readdirSync(root).sort().reverse()) {
    const [postgres, initdb] = ['postgres', 'initdb'].map((name) => join(root, major, 'bin', name));
    if (postgres && initdb && existsSync(postgres) && existsSync(initdb)) return { postgres, initdb };
  }
  return null;
}

const PASSWORD = 'of-these-tests';

/** A private server on a port of its own, with a password, as durable as a real one. */
export async function startPostgres(programs: PostgresPrograms): Promise<PostgresServer> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'jstar-pg-'));
  const runAs = chooseUser(home, programs.postgres);
  handOver(home, runAs);
  const [data, sockets, passwordFile] = [join(home, 'data'), join(home, 's'), join(home, 'password')];
  mkdirSync(sockets);
  writeFileSync(passwordFile, PASSWORD);
  for (const path of [sockets, passwordFile]) handOver(path, runAs);
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', NODE_ENV: process.env.NODE_ENV };
  const init = [
    programs.initdb, '-D', data, '-U', 'jstar', '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256', '--pwfile', passwordFile,
  ]; // biome-ignore format: pairs
  const [first = '', ...rest] = [...runAs.prefix, ...init];
  const made = spawnSync(first, rest, { cwd: '/', env, encoding: 'utf8', ...runAs.ids });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const settings = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: sockets };
  const url = `postgresql://jstar:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const part = new Part(
    () => {
      const serve = [
        programs.postgres,
        '-D',
        data,
        ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
      ];
      const [command = '', ...args] = [...runAs.prefix, ...serve];
      return { command, args, env, ids: runAs.ids };
    },
    () => answers(url),
  );
  await part.start();
  return {
    url,
    part,
    async stop() {
      await part.end('SIGINT');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
