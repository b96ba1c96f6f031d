import type { Page } from '@playwright/test';
import {
  type MessageId,
  newMessageId,
  newMutationId,
  newSessionId,
  type SessionId,
} from '../../protocol/ids.ts';

const AT_ONCE = 100;

/** A conversation of the person signed in on this page, with "message 0", "message 1" … in it. */
export async function seedConversation(
  page: Page,
  count: number,
): Promise<{ sessionId: SessionId; ids: MessageId[] }> {
  const sessionId = newSessionId();
  const ids = Array.from({ length: count }, newMessageId);
  const create = { id: sessionId, title: 'A long one', isGroupChat: true, withAgent: false };
  await push(page, [{ mutationId: newMutationId(), op: 'session.create', input: create }]);
  for (let from = 0; from < count; from += AT_ONCE) {
    const sends = ids.slice(from, from + AT_ONCE).map((id, index) => ({
      mutationId: newMutationId(),
      op: 'message.send',
      input: { id, sessionId, content: `message ${from + index}` },
    }));
    await push(page, sends);
  }
  return { sessionId, ids };
}

/** Straight to the server, past the outbox of the page. */
async function push(page: Page, mutations: object[]): Promise<void> {
  const failed = await page.evaluate(async (body) => {
    const response = await fetch('/trpc/outbox.push', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await response.text();
    return response.ok && !text.includes('"ok":false') ? null : text;
  }, JSON.stringify({ mutations }));
  if (failed) throw new Error(failed);
}
