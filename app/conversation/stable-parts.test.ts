import { describe, expect, it } from 'vitest';
import { StableParts } from './stable-parts.ts';

const paragraph = (n: number) =>
  `Paragraph ${n} says something. ${'More words follow here. '.repeat(12)}`.trim();
const long = [
  paragraph(1),
  paragraph(2),
  `\`\`\`js\n${'let a = 1;\n\n'.repeat(30)}\`\`\``,
  paragraph(3),
  `- one\n\n- two\n\n  ${paragraph(4)}`,
  `1. first\n\n2. second`,
  `$$\n${'x + y\n\nz\n\n'.repeat(30)}$$`,
  `| a | b |\n|---|---|\n| 1 | 2 |`,
  paragraph(5),
  paragraph(6),
].join('\n\n');

describe('an answer that grows', () => {
  it('is the same text at every length, and what was cut is never changed', () => {
    const stable = new StableParts();
    let before: readonly string[] = [];
    for (let end = 0; end <= long.length; end += 1) {
      const { parts, tail } = stable.read(long.slice(0, end));
      expect(parts.join('') + tail).toBe(long.slice(0, end));
      expect(parts.slice(0, before.length)).toEqual(before);
      before = parts;
    }
    expect(before.length).toBeGreaterThan(3);
  });

  it('is never cut within code, formulas, lists or tables', () => {
    for (const part of new StableParts().read(long).parts) {
      expect(part.split('```').length % 2).toBe(1);
      expect(part.split('$$').length % 2).toBe(1);
      expect(part).not.toMatch(/^(?:\s|[-|]|\d\.)/);
    }
  });

  it('is parsed only at its end: the tail stays short however long the answer is', () => {
    const text = Array.from({ length: 200 }, (_, n) => paragraph(n)).join('\n\n');
    const stable = new StableParts();
    let longest = 0;
    for (let end = 0; end <= text.length; end += 7)
      longest = Math.max(longest, stable.read(text.slice(0, end)).tail.length);
    expect(longest).toBeLessThan(1_000);
  });

  it('begins anew when it is another text', () => {
    const stable = new StableParts();
    stable.read(long);
    expect(stable.read('Something else')).toEqual({ parts: [], tail: 'Something else' });
  });
});
