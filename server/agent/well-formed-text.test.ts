import { describe, expect, it } from 'vitest';
import { WellFormedText } from './well-formed-text.ts';

function through(...pieces: string[]): string[] {
  const text = new WellFormedText();
  return [...pieces.map((piece) => text.push(piece)), text.end()];
}

describe('a model’s text on its way to storage', () => {
  it('keeps a character that two pieces share in one', () => {
    const [high, low] = ['\ud83d', '\ude00'];
    expect(through(`Hi ${high}`, `${low}!`)).toEqual(['Hi ', '😀!', '']);
    expect(through(high, low)).toEqual(['', '😀', '']);
  });

  it('loses what no database can hold', () => {
    expect(through('a\0b', '\udc00c', '\ud83d').join('')).toBe('ab\ufffdc\ufffd');
  });
});
