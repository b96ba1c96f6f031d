import { useEffect, useState } from 'react';
import type { ChatSession } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';

const SECONDS = 10;

/** For a few seconds under what was just sent to people: take it back as if it had never been, if nobody has read it. */
export function UndoSend({ message, session }: { message: MessageRow; session: ChatSession }) {
  const { db, outbox } = useChatClient();
  const age = () => Date.now() - Date.parse(message.createdAt);
  const [isOffered, setOffered] = useState(() => age() < SECONDS * 1000);
  useEffect(() => {
    if (!isOffered) return;
    const timer = setTimeout(() => setOffered(false), Math.max(0, SECONDS * 1000 - age()));
    return () => clearTimeout(timer);
  });
  const others = session.members.filter((one) => one.userId !== message.userId && one.role !== 'agent');
  if (!isOffered || others.length === 0 || message.deletedAt) return null;
  async function undo() {
    if (message.local) await outbox.discard(message.local.mutationId);
    // It may have been sent before it could be held back.
    const now = await db.getMessage(message.id);
    if (now && now.local === null && now.deletedAt === null)
      await outbox.enqueue('message.delete', { messageId: message.id, undo: true });
  }
  return (
    <button type="button" className="min-h-6 font-semibold underline" onClick={() => void undo()}>
      {en.message.undo}
    </button>
  );
}
