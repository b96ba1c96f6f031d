import emojis from 'emojibase-data/en/compact.json';
import messages from 'emojibase-data/en/messages.json';
import type { EmojiData } from 'frimousse';

const COMPONENTS = 'component';
const TONES = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const;

interface CompactEmoji {
  unicode: string;
  label: string;
  order?: number;
  group?: number;
  tags?: string[];
  skins?: { unicode: string }[];
}

/** Every emoji with its names, from what the app was built with: nothing is asked of anyone else. */
export function readEmojiData(): EmojiData {
  const groups = messages.groups.filter((group) => group.key !== COMPONENTS);
  const shown = new Set<number>(groups.map((group) => group.order));
  const all = (emojis as CompactEmoji[]) // the package's own type is wider than its file
    .filter((emoji) => emoji.group !== undefined && shown.has(emoji.group))
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  return {
    locale: 'en',
    categories: groups.map((group) => ({ index: group.order, label: capital(group.message) })),
    skinTones: tones((tone) => messages.skinTones.find((one) => one.key === tone)?.message ?? tone),
    emojis: all.map(({ unicode, label, group = 0, tags = [], skins = [] }) => ({
      emoji: unicode,
      category: group,
      label,
      tags,
      version: 0,
      ...(skins.length === TONES.length
        ? { skins: tones((_tone, index) => skins[index]?.unicode ?? unicode) }
        : {}),
    })),
  };
}

type Tones = EmojiData['skinTones'];

function tones(of: (tone: string, index: number) => string): Tones {
  return Object.fromEntries(TONES.map((tone, index) => [tone, of(tone, index)])) as Tones; // one for each of TONES
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
