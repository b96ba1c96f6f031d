import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { starters } from '../../../protocol/starters.ts';
import { parseEntry, readHandbook, textOf } from './handbook.ts';
import { handbookDir } from './handbook-dir.ts';
import { wordCount } from './passages.ts';

const handbook = readHandbook(handbookDir);

describe('the handbook', () => {
  test('holds at least 44 entries, numbered without a gap', () => {
    expect(handbook.length).toBeGreaterThanOrEqual(44);
    expect(handbook.map(({ number }) => number)).toEqual(handbook.map((_, index) => index + 1));
  });

  test.each(handbook.map((entry) => [entry.title, entry] as const))('is substantial on: %s', (_, entry) => {
    const words = wordCount(textOf(entry));
    expect(words).toBeGreaterThanOrEqual(240);
    expect(words).toBeLessThanOrEqual(500);
    expect(entry.keywords.length).toBeGreaterThanOrEqual(6);
    expect(entry.sections.length).toBeGreaterThanOrEqual(3);
    expect(entry.opening.text).not.toBe('');
    for (const question of entry.questions) expect(question).toMatch(/^[\p{Lu}"].{8,}\?|now\?$/u);
  });

  test('relates entries only to others that exist', () => {
    for (const { number, related } of handbook) {
      expect(related.length).toBeGreaterThan(0);
      expect(related).not.toContain(number);
      for (const other of related) expect(handbook.some((entry) => entry.number === other)).toBe(true);
    }
  });

  test('has four different starters for every type of session', () => {
    for (const list of Object.values(starters)) expect(new Set(list).size).toBe(4);
  });

  test('is read from its front matter, its opening and its sections', () => {
    const file =
      '---\ntitle: Tea\nkeywords: tea, a cup of tea\nquestions:\n  - How hot?\n  - How long?\n  - Which pot?\nrelated: 2, 3\n---\nPour.\n\n## Steps\n1. Boil.\n';
    expect(parseEntry('07-tea.md', file.replaceAll('\n', '\r\n'))).toEqual({
      number: 7,
      title: 'Tea',
      keywords: ['tea', 'a cup of tea'],
      questions: ['How hot?', 'How long?', 'Which pot?'],
      related: [2, 3],
      opening: { heading: 'Tea', text: 'Pour.' },
      sections: [{ heading: 'Steps', text: '1. Boil.' }],
    });
  });

  test('refuses an entry without its front matter, by name, and a directory without entries', () => {
    const dir = mkdtempSync(join(tmpdir(), 'handbook-'));
    expect(() => readHandbook(dir)).toThrow('no entries');
    writeFileSync(join(dir, '01-broken.md'), 'No front matter here.\n');
    expect(() => readHandbook(dir)).toThrow('01-broken.md');
  });
});
