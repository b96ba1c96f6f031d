import type { UserId } from '../../protocol/ids.ts';
import type { ChatClient } from '../sync/chat-client.ts';

/** Blocks somebody, or takes it back: shown at once, and kept to be sent. */
export async function setBlocked(
  client: ChatClient,
  { userId, name }: { userId: UserId; name: string },
  on: boolean,
): Promise<void> {
  await client.outbox.enqueue('people.block', { userId, on }, { personName: name });
}
