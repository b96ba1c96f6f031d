import { companyOf } from '../../protocol/company.ts';
import type { PictureId, UserId } from '../../protocol/ids.ts';
import { type Member, UNTITLED } from '../../protocol/shapes.ts';
import type { StoredSession } from '../local-db/rows.ts';

export interface SessionFace {
  title: string;
  isAgent: boolean;
  colourKey: string;
  /** The one other person of a conversation for two. */
  other: Member | null;
  /** The group's, or the other person's. */
  picture: PictureId | null;
}

/** How a conversation is shown: as the other person, as Agent Jay, or under its own title. */
export function faceOf(session: StoredSession, me: UserId): SessionFace {
  const { people, isAloneWithAgent } = companyOf(session);
  const others = people.filter((member) => member.userId !== me);
  const other = !session.isGroupChat && others.length === 1 ? (others[0] ?? null) : null;
  // Of two, the other has left: it stays the conversation with them.
  const [gone] = isAloneWithAgent || others.length > 0 ? [] : Object.values(session.former);
  const isUntitled = session.title === UNTITLED;
  return {
    title: (isUntitled && (other?.name ?? gone)) || session.title,
    isAgent: isAloneWithAgent,
    colourKey: other?.userId ?? session.id,
    other,
    picture: other?.picture ?? session.picture,
  };
}
