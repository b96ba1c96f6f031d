import type { ChatMessage, ChatSession } from './shapes.ts';

/** What stands under a stored message of one's own, in the only order it may move: one check, two, coloured (invariant 12). */
export type StoredStatus = 'stored' | 'delivered' | 'read';

/**
 * Status of a stored message, derived from its session's marks: delivered or read counts only once it is true of
 * every other person. Agent Jay has no device and is not waited for, unless he is the only other member.
 */
export function statusOf(
  message: Pick<ChatMessage, 'seq' | 'userId'>,
  members: ChatSession['members'],
): StoredStatus {
  const others = members.filter((m) => m.userId !== message.userId);
  const people = others.filter((m) => m.role !== 'agent');
  const awaited = people.length > 0 ? people : others;
  if (awaited.length === 0) return 'stored';
  if (awaited.every((m) => m.readSeq >= message.seq)) return 'read';
  if (awaited.every((m) => m.deliveredSeq >= message.seq)) return 'delivered';
  return 'stored';
}
