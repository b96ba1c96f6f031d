import { useEffect, useRef } from 'react';
import type { MessageId } from '../../protocol/ids.ts';
import { keepEdit, keptEdit } from '../local-db/kept-edits.ts';
import type { DraftPlace, MessageRow } from '../local-db/rows.ts';
import { useChatClient } from '../sync/react.tsx';

/**
 * Keeps an edit while it is being written, and goes on with it where this page, or the one before it, went away in the
 * middle: not beside another tab that has it open.
 */
export function EditKeeper({
  place: { sessionId, threadRoot = null },
  edited,
  text,
  onFound,
}: {
  place: DraftPlace;
  edited: MessageId | null;
  text: string;
  onFound(message: MessageRow, text: string): void;
}) {
  const { db } = useChatClient();
  const found = useRef(onFound);
  found.current = edited ? () => {} : onFound;
  const wasEditing = useRef(false);
  const name = `${db.storage}:edit:${threadRoot ?? sessionId}`;

  useEffect(() => {
    let isGone = false;
    const find = async () => {
      const kept = await keptEdit(db, { sessionId, threadRoot });
      if (!kept || (await isHeld(name))) return;
      const message = await db.getMessage(kept.messageId);
      if (!isGone && message && !message.deletedAt) found.current(message, kept.content);
    };
    find().catch(() => {}); // It stays where it is, for the next time.
    return () => {
      isGone = true;
    };
  }, [db, sessionId, threadRoot, name]);

  useEffect(() => {
    if (!edited && !wasEditing.current) return;
    wasEditing.current = edited !== null;
    // On a device that is full it stands in the composer all the same.
    keepEdit(db, { sessionId, threadRoot }, edited && { messageId: edited, content: text }).catch(() => {});
  }, [db, sessionId, threadRoot, edited, text]);

  const isEditing = edited !== null;
  useEffect(() => {
    if (isEditing) return hold(name);
  }, [name, isEditing]);

  return null;
}

/** Lets go with the tab, however it ends. */
function hold(name: string): () => void {
  const over = new AbortController();
  const untilOver = () =>
    new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()));
  navigator.locks?.request(name, { signal: over.signal }, untilOver).catch(() => {});
  return () => over.abort();
}

async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some((lock) => lock.name === name);
}
