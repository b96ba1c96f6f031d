import { describe, expect, it } from 'vitest';
import { BeginAttachment, plainName } from './attachments.ts';
import { newAttachmentId, newSessionId } from './ids.ts';
import { limits } from './limits.ts';

describe('the name of a file', () => {
  it.each(['', '..', 'folder/', '\u200b', '\u3164', '\u2800'])('shows something: %j is refused', (name) => {
    const file = { id: newAttachmentId(), sessionId: newSessionId(), bytes: 1 };
    expect(BeginAttachment.safeParse({ ...file, name: 'map.pdf' }).success).toBe(true);
    expect(BeginAttachment.safeParse({ ...file, name }).success).toBe(false);
  });

  it('is no path, and hides nothing of its ending', () => {
    expect(plainName('../../etc/passwd')).toBe('passwd');
    expect(plainName('C:\\notes\\plan.txt')).toBe('plan.txt');
    expect(plainName('invoice\u202efdp.exe')).toBe('invoicefdp.exe');
    expect(plainName('.hidden')).toBe('hidden');
  });

  it.each([
    ['letters', 'a'],
    ['emoji, of two units each', '😀'],
  ])('keeps its ending, once, and the length that there may be: %s', (_what, character) => {
    for (const count of [99, 100, 105, 200, 300]) {
      const name = plainName(`${character.repeat(count)}.pdf`);
      expect(name).toMatch(/[^.]\.pdf$/);
      expect(name).not.toContain('.pdf.');
      expect(name.length).toBeLessThanOrEqual(limits.attachmentNameLength);
      expect(name).not.toMatch(/\p{Surrogate}/u);
    }
  });
});
