import { Star } from './star.tsx';

export type PresenceColour = 'online' | 'away' | 'busy' | 'offline';

const dotColour: Record<PresenceColour, string> = {
  online: 'bg-ok',
  away: 'bg-away',
  busy: 'bg-busy',
  offline: 'bg-faint',
};

const COLOURS = 6;

/** A picture, or initials on a colour of one's own, or the star; with a presence dot where presence is known. */
export function Avatar({
  name,
  colourKey,
  isAgent = false,
  presence,
  src,
  size = 44,
}: {
  name: string;
  /** Decides the colour; the same for the same person everywhere. */
  colourKey: string;
  isAgent?: boolean;
  presence?: PresenceColour | undefined;
  /** The address of a square picture. */
  src?: string | undefined;
  size?: number;
}) {
  const hash = [...colourKey].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  const style = isAgent ? {} : { background: `var(--avatar-${(hash % COLOURS) + 1})` };
  return (
    <span
      aria-hidden="true"
      className={`relative grid flex-none place-items-center rounded-full font-semibold ${isAgent ? 'bg-star-wash text-star' : 'text-indigo-ink'}`}
      style={{ width: size, height: size, fontSize: size * 0.34, ...style }}
    >
      {isAgent ? <Star className="h-[58%] w-[58%]" /> : !src && initialsOf(name)}
      {src && <img src={src} alt="" className="h-full w-full rounded-full object-cover" />}
      {presence && (
        <i
          className={`absolute end-0 bottom-0 grid h-3 w-3 place-items-center rounded-full border-2 border-side ${dotColour[presence]}`}
        >
          {/* Told from the others without colours, too. */}
          {presence === 'busy' && <i className="h-0.5 w-1.5 rounded-full bg-side" />}
        </i>
      )}
    </span>
  );
}

function initialsOf(name: string): string {
  const all = name.trim().split(/\s+/);
  // Guests are told apart by the animal, and nobody by a number.
  const telling = all.filter((word) => /^\p{L}/u.test(word) && word !== 'Guest');
  const words = telling.length > 0 ? telling : all;
  const letters = words.length > 1 ? [words[0]?.[0], words.at(-1)?.[0]] : [words[0]?.[0], words[0]?.[1]];
  return letters.join('').toUpperCase();
}
