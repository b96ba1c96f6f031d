import { type RefObject, useEffect, useRef, useState } from 'react';
import type { MessageId } from '../../protocol/ids.ts';
import type { DraftPlace, MessageRow } from '../local-db/rows.ts';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';

const DRAFT_AFTER_MS = 250;
/** Whoever has typed nothing for so long may have gone on writing on another device. */
const TYPING_MS = 5_000;

export interface ComposedText {
  text: string;
  write(next: string): void;
  /** Goes on with an edit that was begun before, unless something else is being written by now. Returns whether it does. */
  resumeEdit(of: MessageId, text: string): boolean;
  /** An edit is over, saved or not: what was being written before it stands there again. */
  endEdit(): void;
  /** These words are about to be stored as a message: from then on they are no draft, whatever happens. */
  sending(): void;
  /** They are a message now. */
  sent(content: string): void;
  /** They could not be stored, and are what is being written again. */
  unsent(): void;
}

/**
 * What stands in the composer: the draft of this place, or the words of a message that is being edited. Each is kept
 * apart, so that an edit costs no draft; and a draft outlives the composer.
 */
export function useComposedText(
  { sessionId, threadRoot }: DraftPlace,
  edited: MessageRow | null,
  field: RefObject<HTMLTextAreaElement | null>,
): ComposedText {
  const client = useChatClient();
  const [draft, setDraft] = useState('');
  const [edit, setEdit] = useState<{ of: MessageId; text: string } | null>(null);
  const latest = useRef('');
  const lastTyped = useRef(Number.NEGATIVE_INFINITY);
  /** What stands here is newer than what is stored. */
  const isUnstored = useRef(false);
  /** Stores what was typed last, which waits for a pause in the typing. */
  const store = useRef<(() => void) | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = (next: string) => {
    latest.current = next;
    setDraft(next);
  };

  // From here, or from another device of mine; never over what is being typed right now.
  const kept = useLiveQuery(
    () => client.db.drafts.get({ sessionId, threadRoot }),
    [`draft:${threadRoot ?? sessionId}`],
    [sessionId, threadRoot],
  );
  useEffect(() => {
    if (kept === undefined) return;
    const showKept = () => {
      if (isUnstored.current) return;
      latest.current = kept;
      setDraft(kept);
    };
    const typedAt = lastTyped.current;
    const quiet = performance.now() - typedAt;
    if (document.activeElement !== field.current || quiet >= TYPING_MS) return showKept();
    const later = setTimeout(() => {
      if (lastTyped.current === typedAt) showKept();
    }, TYPING_MS - quiet);
    return () => clearTimeout(later);
  }, [kept, field]);

  // Closed or put away within the pause: what was typed last is stored all the same.
  useEffect(() => {
    const storeNow = () => {
      clearTimeout(timer.current);
      store.current?.();
    };
    document.addEventListener('visibilitychange', storeNow);
    return () => {
      document.removeEventListener('visibilitychange', storeNow);
      storeNow();
    };
  }, []);

  function keep(content: string, afterMs: number) {
    clearTimeout(timer.current);
    store.current = () => {
      store.current = null;
      client.saveDraft({ sessionId, threadRoot }, content).then(
        () => {
          if (latest.current === content) isUnstored.current = false;
        },
        () => {},
      );
    };
    if (afterMs === 0) store.current();
    else timer.current = setTimeout(() => store.current?.(), afterMs);
  }

  const text = edited === null ? draft : edit?.of === edited.id ? edit.text : edited.content;
  return {
    text,
    write(next) {
      if (edited) return setEdit({ of: edited.id, text: next });
      lastTyped.current = performance.now();
      isUnstored.current = true;
      show(next);
      keep(next, DRAFT_AFTER_MS);
    },
    resumeEdit(of, content) {
      const isWriting = Number.isFinite(lastTyped.current);
      if (!isWriting) setEdit({ of, text: content });
      return !isWriting;
    },
    endEdit: () => setEdit(null),
    sending() {
      clearTimeout(timer.current);
      store.current = null;
      client.endDraft({ sessionId, threadRoot });
    },
    unsent: () => keep(latest.current, 0),
    sent(content) {
      // Whatever was typed while this was being stored stays.
      const rest = latest.current === content ? '' : latest.current;
      show(rest);
      keep(rest, 0);
    },
  };
}
