import { limits } from './limits.ts';
import { Text } from './text.ts';

const PICTURE = String.raw`\p{Extended_Pictographic}[\uFE0E\uFE0F\p{Emoji_Modifier}]?\u20E3?(?:[\u{E0020}-\u{E007E}]+\u{E007F})?`;
/**
 * One emoji by how it is built (UTS #51) and not by a list: a picture with its tone, or several joined to one, a flag,
 * a keycap. So a newer phone's emoji is one here as well.
 */
const ONE_EMOJI = new RegExp(
  String.raw`^(?:${PICTURE}(?:\u200D${PICTURE})*|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Emoji_Modifier})$`,
  'u',
);

export const isEmoji = (text: string): boolean => ONE_EMOJI.test(text);

/** The name of a reaction. Whether it is an emoji matters only to who puts it on: what was stored can be taken off. */
export const Emoji = Text.min(1).max(limits.emojiLength);
