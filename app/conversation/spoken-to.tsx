import { Fragment, type ReactNode } from 'react';
import { mentionsIn } from '../../protocol/mentions.ts';
import type { ChatSession, Me } from '../../protocol/shapes.ts';

const WORD = /@[\p{L}\p{N}_]+(?: [\p{L}\p{N}_]+){0,4}/gu;

/** A text with the people it speaks to by name set off; oneself most of all. */
export function SpokenTo({ content, session, me }: { content: string; session: ChatSession; me: Me }) {
  if (!content.includes('@')) return <>{content}</>;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of content.matchAll(WORD)) {
    const name = longestName(match[0], session);
    if (name === null || match.index < at) continue;
    const isMe = mentionsIn(name, session.members).includes(me.id);
    parts.push(
      <Fragment key={`t${at}`}>{content.slice(at, match.index)}</Fragment>,
      <b
        key={`m${match.index}`}
        className={`font-semibold ${isMe ? 'rounded bg-star-wash px-0.5 text-ink' : ''}`}
      >
        {name}
      </b>,
    );
    at = match.index + name.length;
  }
  parts.push(<Fragment key="end">{content.slice(at)}</Fragment>);
  return <>{parts}</>;
}

/** "@Ada Lovelace will come": as many words as make a name. */
function longestName(text: string, session: ChatSession): string | null {
  const words = text.split(' ');
  for (let count = words.length; count > 0; count -= 1) {
    const name = words.slice(0, count).join(' ');
    const shorter = words.slice(0, count - 1).join(' ');
    const who = mentionsIn(name, session.members);
    if (who.length > 0 && who.join() !== mentionsIn(shorter, session.members).join()) return name;
  }
  return null;
}
