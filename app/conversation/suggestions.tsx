import { useEffect, useState } from 'react';
import { type MessageId, newMessageId } from '../../protocol/ids.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import { starters } from '../../protocol/starters.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import { useChatClient, useStore } from '../sync/react.tsx';

/** Chips to say with one tap: after an answer what may come next, in an empty conversation how to begin. */
export function Suggestions({
  session,
  last,
  branch,
}: {
  session: ChatSession;
  last: MessageRow | null;
  /** Where what is sent stands. */
  branch: MessageId | null;
}) {
  const client = useChatClient();
  const { suggestions } = useStore(client.ephemeral);
  const connection = useStore(client.connection);
  const [asked, setAsked] = useState<{ after: string | null; list: readonly string[] }>({
    after: null,
    list: [],
  });
  const after = last?.id ?? null;
  const isSettled = last === null || last.turn?.status === 'done';
  const isLive = connection.kind === 'live';
  const lastSeq = session.lastSeq;

  useEffect(() => {
    if (after === null || !isSettled || !isLive || lastSeq === 0) return;
    return askUntilAnswered(
      () => client.trpc.agent.suggestions.query({ sessionId: session.id }),
      ({ suggestions: list }) => setAsked({ after, list }),
    );
  }, [client, session.id, after, isSettled, isLive, lastSeq]);

  const told = suggestions[session.id];
  const known = told && told.messageId === after ? told.suggestions : asked.after === after ? asked.list : [];
  // How to begin is known here, also with no network and before the server has heard of this conversation.
  const list = after === null ? starters[session.sessionType] : known;
  if (!isSettled || list.length === 0) return null;
  return (
    <section
      aria-label={en.composer.suggestions}
      className="mx-auto flex w-full max-w-[760px] gap-2 overflow-x-auto px-4 py-1.5 [scrollbar-width:none] wide:flex-wrap"
    >
      {list.map((text) => (
        <button
          key={text}
          type="button"
          onClick={() =>
            void client.outbox.enqueue('message.send', {
              id: newMessageId(),
              sessionId: session.id,
              content: text,
              branch,
            })
          }
          className="min-h-11 flex-none rounded-full border border-line bg-surface px-3.5 text-start text-sm hover:border-indigo wide:min-h-9"
        >
          {text}
        </button>
      ))}
    </section>
  );
}
