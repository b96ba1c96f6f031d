import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { SessionId } from '../../protocol/ids.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';

const PAGE = 100;
/** More than a screen and its surroundings ever need: what is read again upon a change, and laid out, stays this small. */
const ROWS_AT_MOST = 400;
/** Room for what arrives while the end is on screen, before the other side is let go. */
const GROWTH = 200;

/** Sort keys, both included. An open end shows whatever comes. */
interface Range {
  from: number;
  to: number;
}

export interface MessageWindow {
  /** Oldest first; undefined until the first answer. */
  messages: readonly MessageRow[] | undefined;
  /** The newest message is among them. */
  isAtTail: boolean;
  /** The oldest message on this device is among them. */
  isAtStart: boolean;
  /** Moves the window up. Resolves false when this device has nothing earlier. */
  showEarlier(): Promise<boolean>;
  showLater(): Promise<void>;
  showTail(): void;
  /** Moves it to where a message of this sort key is in its middle. */
  showAround(sortKey: number): Promise<void>;
  /** The end is on screen: what has grown too long above it goes. */
  trim(): void;
}

/**
 * The part of a conversation that the screen works with: a window of a few hundred rows that moves over what this device
 * holds, so that a conversation of 100,000 messages costs what one of 100 does.
 */
export function useMessageWindow(sessionId: SessionId): MessageWindow {
  const { db } = useChatClient();
  const [range, setRange] = useState<Range | null>(null);
  const answer = useLiveQuery(
    async () => {
      if (range) {
        const { from, to } = range;
        const messages = (await db.messagesBetween(sessionId, from, to)).filter((row) => !row.withdrawn);
        return { range, isPlaced: true, messages };
      }
      const messages = await db.listMessages(sessionId, { limit: PAGE });
      // All of it: whatever turns up before the first row belongs here, too.
      const from = messages.length < PAGE ? 0 : (messages[0]?.sortKey ?? 0);
      return { range: { from, to: Number.POSITIVE_INFINITY }, isPlaced: false, messages };
    },
    [`messages:${sessionId}`],
    [sessionId, range?.from ?? null, range?.to === undefined ? null : String(range.to)],
  );
  const latest = useRef(answer);
  latest.current = answer;
  // From its first answer on the window stands where it is until it is moved.
  useEffect(() => {
    if (answer && !answer.isPlaced && !range) setRange(answer.range);
  }, [answer, range]);

  const isMoving = useRef(false);
  const move = useCallback(async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    if (isMoving.current) return otherwise;
    isMoving.current = true;
    try {
      return await work();
    } finally {
      isMoving.current = false;
    }
  }, []);

  const showEarlier = useCallback(
    () =>
      move(async () => {
        const now = latest.current;
        const first = now?.messages[0];
        if (!now || !first) return false;
        const earlier = await db.listMessages(sessionId, { limit: PAGE, before: first.sortKey });
        if (earlier.length === 0) return false;
        const rows = [...earlier, ...now.messages];
        const from = earlier.length < PAGE ? 0 : (earlier[0]?.sortKey ?? 0);
        const last = rows.length > ROWS_AT_MOST ? rows[ROWS_AT_MOST - 1] : undefined;
        setRange({ from, to: last?.sortKey ?? now.range.to });
        return true;
      }, true),
    [db, sessionId, move],
  );

  const showLater = useCallback(
    () =>
      move(async () => {
        const now = latest.current;
        const last = now?.messages.at(-1);
        if (!now || !last || now.range.to === Number.POSITIVE_INFINITY) return;
        const later = await db.listMessagesAfter(sessionId, last.sortKey, PAGE);
        const rows = [...now.messages, ...later];
        const to = later.length < PAGE ? Number.POSITIVE_INFINITY : (later.at(-1)?.sortKey ?? 0);
        const first = rows.length > ROWS_AT_MOST ? rows[rows.length - ROWS_AT_MOST] : undefined;
        setRange({ from: first?.sortKey ?? now.range.from, to });
      }, undefined),
    [db, sessionId, move],
  );

  const showAround = useCallback(
    async (sortKey: number) => {
      const before = await db.listMessages(sessionId, { limit: PAGE, before: sortKey });
      const after = await db.listMessagesAfter(sessionId, sortKey, PAGE);
      setRange({
        from: before.length < PAGE ? 0 : (before[0]?.sortKey ?? 0),
        to: after.length < PAGE ? Number.POSITIVE_INFINITY : (after.at(-1)?.sortKey ?? 0),
      });
    },
    [db, sessionId],
  );

  const showTail = useCallback(() => {
    if (latest.current?.range.to !== Number.POSITIVE_INFINITY) setRange(null);
  }, []);

  const trim = useCallback(() => {
    const now = latest.current;
    if (!now || now.range.to !== Number.POSITIVE_INFINITY) return;
    const first = now.messages.at(-2 * PAGE);
    if (first && now.messages.length > ROWS_AT_MOST + GROWTH) setRange({ ...now.range, from: first.sortKey });
  }, []);

  return useMemo(
    () => ({
      messages: answer?.messages,
      isAtTail: answer?.range.to === Number.POSITIVE_INFINITY,
      isAtStart: answer?.range.from === 0,
      showEarlier,
      showLater,
      showTail,
      showAround,
      trim,
    }),
    [answer, showEarlier, showLater, showTail, showAround, trim],
  );
}
