import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commitOf } from './version.ts';

it('names the commit that an image was built from, where git knows of none', () => {
  const image = mkdtempSync(join(tmpdir(), 'jstar-image-'));
  try {
    expect(commitOf(image)).toBe('unknown');
    writeFileSync(join(image, 'COMMIT'), '0f1e2d3c\n');
    expect(commitOf(image)).toBe('0f1e2d3c');
    writeFileSync(join(image, 'COMMIT'), '\n');
    expect(commitOf(image)).toBe('unknown');
  } finally {
    rmSync(image, { recursive: true });
  }
});
