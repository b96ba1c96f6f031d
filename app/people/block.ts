import type { UserId } from '../../protocol/ids.ts';
import type { ChatClient } from '../sync/chat-client.ts';

/** Blocks somebody, or takes it back: shown here at once, sent when there is a network. */
export async function setBlocked(
  client: ChatClient,
  person: { userId: UserId; name: string },
  on: boolean,
): Promise<void> {
  const me = client.me.get();
  const others = me.blocked.filter((blocked) => blocked.userId !== person.userId);
  await client.db.saveMe({ ...me, blocked: on ? [...others, person] : others });
  await client.outbox.enqueue('people.block', { userId: person.userId, on });
}
