import { AGENT_ID } from '../../protocol/ids.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';

type Company = Pick<StoredSession, 'members' | 'former'>;

/** How somebody who speaks, or once spoke, in a conversation is called there. */
export function nameIn({ members, former }: Company, userId: string): string {
  const known = members.find((member) => member.userId === userId)?.name;
  return known ?? former[userId] ?? (userId === AGENT_ID ? 'Agent Jay' : en.people.former);
}

const SAYS_NOTHING_ALONE = /^(guest|dr|prof|mr|mrs|ms)\.?$/i;

/** What somebody is called where there is little room: their first name, if that says who it is. */
export function shortName(name: string): string {
  const [first = name] = name.split(' ');
  return SAYS_NOTHING_ALONE.test(first) ? name : first;
}

/** Whether more than one other person has ever spoken there, so that one has to be told from another. */
export function needsNames({ isGroupChat, members, former }: Company & { isGroupChat: boolean }): boolean {
  const people = new Set([...members.map(({ userId }) => userId as string), ...Object.keys(former)]);
  people.delete(AGENT_ID);
  return isGroupChat || people.size > 2;
}
