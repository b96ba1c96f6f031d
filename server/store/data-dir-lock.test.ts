import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockDataDir } from './data-dir-lock.ts';
import { processIdentity } from './process-identity.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jstar-lock-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

it('is held by one, until released', () => {
  const lock = lockDataDir(dataDir);
  expect(() => lockDataDir(dataDir)).toThrow(
    `Another J Star Chat (process ${process.pid}) already uses ${dataDir}`,
  );
  lock.release();
  lockDataDir(dataDir).release();
  expect(readdirSync(dataDir)).toEqual([]);
});

it.each([
  ['a process that is gone', '4000000 boot 1'],
  ['an earlier process with this one’s pid', `${process.pid} boot 1`],
  ['nobody, for the file is empty', ''],
])('is taken over from %s', (_who, content) => {
  writeFileSync(join(dataDir, 'lock'), content);
  const lock = lockDataDir(dataDir);
  expect(readFileSync(join(dataDir, 'lock'), 'utf8')).toBe(processIdentity(process.pid));
  lock.release();
  expect(readdirSync(dataDir)).toEqual([]);
});

it('is not released by one who no longer holds it', () => {
  const lock = lockDataDir(dataDir);
  const other = processIdentity(process.ppid) ?? '';
  writeFileSync(join(dataDir, 'lock'), other);
  lock.release();
  expect(readFileSync(join(dataDir, 'lock'), 'utf8')).toBe(other);
});
