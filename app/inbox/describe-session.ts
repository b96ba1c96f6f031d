import { AGENT_ID, type PictureId, type UserId } from '../../protocol/ids.ts';
import type { ChatSession, Member } from '../../protocol/shapes.ts';

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
export function faceOf(session: ChatSession, me: UserId): SessionFace {
  const others = session.members.filter((member) => member.userId !== me);
  const people = others.filter((member) => member.role !== 'agent');
  const isAgent =
    !session.isGroupChat && people.length === 0 && others.some((member) => member.userId === AGENT_ID);
  const other = !session.isGroupChat && people.length === 1 ? (people[0] ?? null) : null;
  const isUntitled = session.title === 'New conversation';
  return {
    title: isUntitled && other ? other.name : session.title,
    isAgent,
    colourKey: other?.userId ?? session.id,
    other,
    picture: other?.picture ?? session.picture,
  };
}
