import type { UserId } from '../../protocol/ids.ts';
import type { ChatClient } from '../sync/chat-client.ts';

/** Blocks somebody, or takes it back: kept to be sent first, then shown here, so that nothing is shown that could get lost. */
export async function setBlocked(
  client: ChatClient,
  person: { userId: UserId; name: string },
  on: boolean,
): Promise<void> {
  const me = client.me.get();
  const others = me.blocked.filter((blocked) => blocked.userId !== person.userId);
  await client.outbox.enqueue('people.block', { userId: person.userId, on });
  // Named field by field: a member of a conversation carries more.
  const { userId, name } = person;
  await client.db.saveMe({ ...me, blocked: on ? [...others, { userId, name }] : others });
}
