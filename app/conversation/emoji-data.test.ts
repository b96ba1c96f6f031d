import { expect, it } from 'vitest';
import { Emoji, isEmoji } from '../../protocol/emoji.ts';
import { readEmojiData } from './emoji-data.ts';
import { QUICK_EMOJI } from './message-actions.ts';

it('offers nothing that could not be a reaction', () => {
  const offered = readEmojiData().emojis.flatMap(({ emoji, skins }) => [
    emoji,
    ...Object.values(skins ?? {}),
  ]);
  expect(offered.length).toBeGreaterThan(2_000);
  const refused = [...QUICK_EMOJI, ...offered].filter(
    (one) => !isEmoji(one) || !Emoji.safeParse(one).success,
  );
  expect(refused).toEqual([]);
});
