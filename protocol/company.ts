import { AGENT_ID } from './ids.ts';

/** Who is together in a conversation, of those who are in it now. */
export function companyOf<M extends { userId: string }>(session: {
  isGroupChat: boolean;
  members: readonly M[];
}): { people: M[]; isGroup: boolean; isAloneWithAgent: boolean } {
  const people = session.members.filter(({ userId }) => userId !== AGENT_ID);
  const isGroup = session.isGroupChat || people.length > 1;
  const hasAgent = people.length < session.members.length;
  return { people, isGroup, isAloneWithAgent: hasAgent && !isGroup && people.length === 1 };
}
