import { en } from '../messages/en.ts';
import { Portrait } from '../people/portrait.tsx';
import type { Mentions } from './use-mentions.ts';

/** Whom what is being written may speak to. */
export function MentionList({ mentions: { candidates, chosen, listId, pick } }: { mentions: Mentions }) {
  return (
    <div
      id={listId}
      role="listbox"
      aria-label={en.composer.mention}
      className="mb-1 overflow-hidden rounded-xl border border-line bg-surface p-1 shadow-soft"
    >
      {candidates.map(({ key, name, isAgent, picture }, index) => (
        <div
          key={key}
          id={`${listId}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          // Before the field loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            pick(index);
          }}
          className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-lg px-2 aria-selected:bg-ink/7 wide:min-h-9"
        >
          <Portrait name={name} colourKey={key} picture={picture} isAgent={isAgent} size={28} />
          <span className="truncate">{name}</span>
        </div>
      ))}
    </div>
  );
}
