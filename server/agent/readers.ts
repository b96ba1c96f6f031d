import { companyOf } from '../../protocol/company.ts';

/**
 * Who will read an answer. A group's context holds nothing that not all of them may see: it begins where the last of
 * them joined.
 */
export function readersOf<M extends { userId: string; joinSeq: number }>(session: {
  isGroupChat: boolean;
  members: readonly M[];
}): { people: M[]; isGroup: boolean; visibleFrom: number } {
  const { people, isGroup } = companyOf(session);
  return { people, isGroup, visibleFrom: Math.max(1, ...people.map((member) => member.joinSeq)) };
}
