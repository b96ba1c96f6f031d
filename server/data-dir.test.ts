import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadAuthSecret, prepareDataDir } from './data-dir.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jstar-data-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

it('generates the secret once, for its owner only', () => {
  const secret = loadAuthSecret(dataDir);
  expect(secret).toMatch(/^[\w-]{64}$/);
  expect(loadAuthSecret(dataDir)).toBe(secret);
  expect(statSync(join(dataDir, 'auth-secret')).mode & 0o777).toBe(0o600);
});

it('does not sign sessions with a secret that was cut short', () => {
  writeFileSync(join(dataDir, 'auth-secret'), 'half');
  expect(() => loadAuthSecret(dataDir)).toThrow(/auth-secret holds no usable secret/);
});

it('says so where the secret cannot be read', () => {
  mkdirSync(join(dataDir, 'auth-secret'));
  expect(() => loadAuthSecret(dataDir)).toThrow(/auth-secret can't be read \(EISDIR\): restore it/);
});

it('says that a file is no DATA_DIR', () => {
  const file = join(dataDir, 'file');
  writeFileSync(file, '');
  expect(() => prepareDataDir(file)).toThrow(/DATA_DIR holds ".*file".*takes a directory/);
});

it('makes what is missing on the way', () => {
  prepareDataDir(join(dataDir, 'a', 'b'));
  prepareDataDir(join(dataDir, 'a', 'b'));
  expect(statSync(join(dataDir, 'a', 'b')).isDirectory()).toBe(true);
});

it.runIf(process.platform === 'linux')('says so, and ends, where nobody can make a directory', () => {
  expect(() => prepareDataDir('/proc/nowhere')).toThrow(
    /DATA_DIR holds "\/proc\/nowhere".*takes a directory/,
  );
});
