import type { Parsed } from '../../protocol/procedures.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import { requireMember } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { once } from './once.ts';
import { readSession } from './shapes.ts';

/** Renames, archives or brings back a conversation, or merges into its context. Any member may. */
export function updateSession(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.update'>,
): Promise<ChatSession & { duplicate: boolean }> {
  const { sessionId, title, isActive, context } = input;
  return once(deps.log, account, 'session.update', input, async (change) => {
    await requireMember(change.tx, sessionId, account.userId);
    if (context) {
      const { context: before } = await change.tx.chatSession.findUniqueOrThrow({ where: { id: sessionId } });
      const merged = { ...(before && typeof before === 'object' ? before : {}), ...context };
      await change.tx.chatSession.update({
        where: { id: sessionId },
        data: { context: JSON.parse(JSON.stringify(merged)) },
      });
    }
    const changes = {
      ...(title === undefined ? {} : { title }),
      ...(isActive === undefined ? {} : { isActive }),
    };
    if (Object.keys(changes).length > 0) {
      await change.tx.chatSession.update({ where: { id: sessionId }, data: changes });
      await change.append(sessionId, { type: 'session.updated', changes, at: change.at });
    }
    return readSession(change.tx, sessionId);
  });
}
