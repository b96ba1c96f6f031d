import type { ChatMessage, ChatSession } from './shapes.ts';

/**
 * What stands under one's own message, in the only order it may move:
 * queued (clock) → stored (one check) → delivered (two checks) → read (coloured). `failed` ends a message that was
 * never stored; a retry starts it again as `queued`.
 */
export const statusOrder = ['queued', 'stored', 'delivered', 'read'] as const;
export type StoredStatus = (typeof statusOrder)[number];
export type MessageStatus = StoredStatus | 'failed';

/** The further of two, so that acknowledgement and event may come in either order (invariant 12). */
export function furthest(a: StoredStatus, b: StoredStatus): StoredStatus {
  return statusOrder.indexOf(a) >= statusOrder.indexOf(b) ? a : b;
}

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
