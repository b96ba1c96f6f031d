import type { UserId } from './ids.ts';

/** Who reacted with what, in the order of the first of each. */
export type Reactions = Record<string, UserId[]>;

/**
 * The one name that no plain object can hold: schemas leave it out of what they read. It was stored before reactions
 * had to be emoji, and is passed over wherever it still stands, on servers and devices alike.
 */
const isShown = (emoji: string): boolean => emoji !== '__proto__';

/** The names are whatever was once stored: never looked for beyond the object itself. */
const usersOf = (reactions: Reactions, emoji: string): UserId[] =>
  Object.hasOwn(reactions, emoji) ? (reactions[emoji] ?? []) : [];

export const hasReacted = (reactions: Reactions, emoji: string, userId: UserId): boolean =>
  usersOf(reactions, emoji).includes(userId);

export function withOneReaction(
  reactions: Reactions,
  { emoji, userId, on }: { emoji: string; userId: UserId; on: boolean },
): Reactions {
  if (!isShown(emoji)) return reactions;
  const others = usersOf(reactions, emoji).filter((id) => id !== userId);
  const users = on ? [...others, userId] : others;
  const { [emoji]: _replaced, ...rest } = reactions;
  return users.length > 0 ? { ...rest, [emoji]: users } : rest;
}

/** Rows in the order in which they were made, as one object. */
export function gatherReactions<Id extends string>(
  rows: readonly { emoji: string; userId: Id }[],
): Record<string, Id[]> {
  const users = new Map<string, Id[]>();
  for (const { emoji, userId } of rows) {
    const known = users.get(emoji);
    if (known) known.push(userId);
    else if (isShown(emoji)) users.set(emoji, [userId]);
  }
  return Object.fromEntries(users);
}
