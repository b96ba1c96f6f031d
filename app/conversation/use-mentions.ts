import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import type { Member } from '../../protocol/shapes.ts';
import { useChatClient, useStore } from '../sync/react.tsx';

const BEGUN = /(?:^|[\s(])@([\p{L}\p{N}_]*(?: [\p{L}\p{N}_]*)?)$/u;
const SHOWN = 6;

interface Candidate {
  key: string;
  name: string;
  isAgent: boolean;
  picture: Member['picture'];
}

export interface Mentions {
  candidates: readonly Candidate[];
  chosen: number;
  listId: string;
  pick(index: number): void;
  /** True when the key was for the list. */
  onKeyDown(event: KeyboardEvent): boolean;
  onSelect(): void;
  field: Record<string, string | boolean>;
}

/** Completes a name behind an @. */
export function useMentions({
  field,
  text,
  members,
  write,
}: {
  field: RefObject<HTMLTextAreaElement>;
  text: string;
  members: readonly Member[];
  write(text: string): void;
}): Mentions {
  const me = useStore(useChatClient().me);
  const listId = useId();
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const before = text.slice(0, Math.min(caret, text.length));
  const begun = BEGUN.exec(before)?.[1] ?? null;
  const others = members.filter((member) => member.userId !== me.id);
  const candidates =
    begun === null || dismissed === before || others.length < 2
      ? []
      : candidatesFor(begun.toLowerCase(), others).slice(0, SHOWN);

  function pick(index: number) {
    const candidate = candidates[index];
    if (!candidate || begun === null) return;
    const start = before.length - begun.length;
    const next = `${text.slice(0, start)}${candidate.name} `;
    write(next + text.slice(before.length));
    setChosen(0);
    requestAnimationFrame(() => {
      field.current?.setSelectionRange(next.length, next.length);
      field.current?.focus();
      setCaret(next.length);
    });
  }

  return {
    candidates,
    chosen: Math.min(chosen, candidates.length - 1),
    listId,
    pick,
    onSelect: () => setCaret(field.current?.selectionStart ?? 0),
    onKeyDown(event) {
      if (candidates.length === 0) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) setChosen((chosen + step + candidates.length) % candidates.length);
      else if (event.key === 'Enter' || event.key === 'Tab') pick(Math.min(chosen, candidates.length - 1));
      else if (event.key === 'Escape') setDismissed(before);
      else return false;
      event.preventDefault();
      return true;
    },
    field:
      candidates.length > 0
        ? {
            'aria-autocomplete': 'list',
            'aria-controls': listId,
            'aria-activedescendant': `${listId}-${Math.min(chosen, candidates.length - 1)}`,
          }
        : {},
  };
}

function candidatesFor(begun: string, others: readonly Member[]): Candidate[] {
  const people = others.map(({ userId, name, role, picture }) => {
    return { key: userId, name, isAgent: role === 'agent', picture };
  });
  const everyone = { key: 'everyone', name: 'everyone', isAgent: false, picture: null };
  return [...people, everyone].filter(({ name }) => {
    const whole = name.toLowerCase();
    return (
      whole.startsWith(begun) || (begun !== '' && whole.split(' ').some((word) => word.startsWith(begun)))
    );
  });
}
