import { expect, it } from 'vitest';
import { fileSize } from './file-size.ts';

it('says a size in two or three digits, and of the smallest files how many bytes they are', () => {
  expect([0, 1, 8, 820, 999, 1_000, 1_400, 820_000, 1_400_000, 25_000_000].map(fileSize)).toEqual([
    '0 bytes',
    '1 byte',
    '8 bytes',
    '820 bytes',
    '999 bytes',
    '1 kB',
    '1.4 kB',
    '820 kB',
    '1.4 MB',
    '25 MB',
  ]);
});
