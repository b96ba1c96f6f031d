import { AGENT_ID, type UserId } from './ids.ts';
import type { Member } from './shapes.ts';

type Named = Pick<Member, 'userId' | 'name' | 'role'>;

/** Names that speak to all people of a conversation. */
const EVERYONE = ['everyone', 'all'];

/**
 * Who is spoken to by name: "@Ada Lovelace", "@everyone", "@jay". A mention is text, read with the names that people
 * have now; where two share a name, both are meant. The longest name that fits counts.
 */
export function mentionsIn(content: string, members: readonly Named[]): UserId[] {
  const names: { name: string; who: UserId[] }[] = [];
  const people = members.filter((member) => member.role !== 'agent');
  for (const name of EVERYONE) names.push({ name, who: people.map((member) => member.userId) });
  const agent = members.filter((member) => member.userId === AGENT_ID).map((member) => member.userId);
  if (agent.length > 0) names.push({ name: 'jay', who: agent });
  for (const { name, userId } of members) names.push({ name: name.toLowerCase(), who: [userId] });
  const text = content.toLowerCase();
  const found = new Set<UserId>();
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at > 0 && IN_A_WORD.test(text[at - 1] ?? '')) continue;
    const fitting = names.filter(
      ({ name }) =>
        name !== '' && text.startsWith(name, at + 1) && !IN_A_WORD.test(text[at + 1 + name.length] ?? ''),
    );
    const longest = Math.max(0, ...fitting.map(({ name }) => name.length));
    for (const { name, who } of fitting)
      if (name.length === longest) for (const userId of who) found.add(userId);
  }
  return [...found];
}

const IN_A_WORD = /[\p{L}\p{N}_]/u;
