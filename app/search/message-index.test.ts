import { describe, expect, it } from 'vitest';
import { newMessageId, newSessionId } from '../../protocol/ids.ts';
import type { SearchableRow } from '../local-db/rows.ts';
import { MessageIndex } from './message-index.ts';

const sessionId = newSessionId();
let minute = 0;
const said = (content: string, inSession = sessionId): SearchableRow => {
  minute += 1;
  const createdAt = new Date(Date.UTC(2026, 10, 24, 9, minute)).toISOString();
  return { id: newMessageId(), sessionId: inSession, content, createdAt, editedAt: null, deletedAt: null };
};

describe('search on the device', () => {
  it('finds words without their accents, an unfinished last word, and a slip in a long one; newest first', () => {
    const index = new MessageIndex();
    const rows = [said('Le résumé est prêt'), said('My questionnaire is ready'), said('resume tomorrow')];
    index.replace(rows);
    expect(index.search('resume', 10)).toEqual([rows[2]?.id, rows[0]?.id]);
    expect(index.search('questi', 10)).toEqual([rows[1]?.id]);
    expect(index.search('questionaire', 10)).toEqual([rows[1]?.id]);
    expect(index.search('ready questionnaire', 10)).toEqual([rows[1]?.id]);
    expect(index.search('ready tomorrow', 10)).toEqual([]);
    expect(index.search('…', 10)).toEqual([]);
  });

  it('forgets what was deleted or edited away, in the one conversation that changed', () => {
    const index = new MessageIndex();
    const [kept, edited, gone] = [said('blue', newSessionId()), said('green'), said('red')];
    index.replace([kept, edited, gone]);
    expect(index.replace([{ ...edited, content: 'yellow', editedAt: edited.createdAt }], sessionId)).toBe(
      true,
    );
    const found = ['blue', 'green', 'red', 'yellow'].map((word) => index.search(word, 10).length);
    expect(found).toEqual([1, 0, 0, 1]);
    expect(index.replace([{ ...edited, content: 'yellow', editedAt: edited.createdAt }], sessionId)).toBe(
      false,
    );
  });

  it('opens from what was stored, and begins anew from what is not an index', () => {
    const index = new MessageIndex();
    const row = said('Saturation');
    index.replace([row]);
    const stored = JSON.parse(JSON.stringify(index.toStored()));
    expect(MessageIndex.fromStored(stored).search('saturation', 5)).toEqual([row.id]);
    for (const junk of [undefined, 7, { version: 1, index: '{', versions: [] }, { ...stored, version: 99 }])
      expect(MessageIndex.fromStored(junk).size).toBe(0);
  });
});
