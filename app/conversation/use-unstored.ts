import { useCallback, useEffect, useMemo, useState } from 'react';
import { type MessageId, newMutationId, type UserId } from '../../protocol/ids.ts';
import type { Input } from '../../protocol/procedures.ts';
import { unstoredMessage } from '../local-db/new-rows.ts';
import type { MessageRow } from '../local-db/rows.ts';

/** A message that is being stored on this device. */
export interface Storing {
  /** It is: whoever reads the copy finds it there. */
  stored(): void;
  /** It could not be. */
  failed(): void;
}

export interface Unstored {
  rows: readonly MessageRow[];
  show(message: Input<'message.send'>): Storing;
}

/**
 * Messages that are being stored right now: shown in the next frame, for to be safe from a loss of power takes a while.
 * Each goes once the copy shows it, or at once when storing it failed.
 * @param held what the copy shows, its end included; undefined while its end is not on screen
 */
export function useUnstored(me: UserId, held: readonly MessageRow[] | undefined): Unstored {
  const [shown, setShown] = useState<readonly { row: MessageRow; isStored: boolean }[]>([]);
  useEffect(() => {
    const isHeld = (id: MessageId) => held?.some((row) => row.id === id) ?? false;
    const isOver = ({ row, isStored }: (typeof shown)[number]) => (held ? isHeld(row.id) : isStored);
    if (shown.some(isOver)) setShown((now) => now.filter((one) => !isOver(one)));
  }, [held, shown]);

  const show = useCallback(
    (message: Input<'message.send'>): Storing => {
      const row = unstoredMessage(message, me, newMutationId(), new Date().toISOString());
      setShown((now) => [...now, { row, isStored: false }]);
      const others = (now: typeof shown) => now.filter((one) => one.row.id !== row.id);
      return {
        stored: () =>
          setShown((now) => now.map((one) => (one.row.id === row.id ? { row, isStored: true } : one))),
        failed: () => setShown(others),
      };
    },
    [me],
  );
  return useMemo(() => {
    const ids = new Set(held?.map((row) => row.id));
    return { rows: shown.flatMap(({ row }) => (ids.has(row.id) ? [] : row)), show };
  }, [shown, held, show]);
}
