import { type ReactNode, useEffect, useState } from 'react';
import { en } from '../messages/en.ts';
import { NotStored } from '../outbox/not-stored.ts';
import { useChatClient } from '../sync/react.tsx';
import { toast } from '../ui/toast.ts';
import { takeOffer } from './app-update.ts';

/**
 * What keeps this tab from storing anything, in a sentence; and a word about each change that was not stored.
 * @param otherwise stands there while nothing is wrong: one line at a time
 */
export function StorageNotice({ otherwise }: { otherwise: ReactNode }) {
  const { db } = useChatClient();
  const [condition, setCondition] = useState(db.condition);
  useEffect(() => {
    setCondition(db.condition);
    return db.onCondition(setCondition);
  }, [db]);
  useEffect(() => {
    // A change that nobody waits for (a reaction, a deletion): what is written is kept by the composer itself.
    const onLost = (event: PromiseRejectionEvent) => {
      if (!(event.reason instanceof NotStored)) return;
      event.preventDefault();
      toast.error(en.errors.notChanged[event.reason.reason]);
    };
    window.addEventListener('unhandledrejection', onLost);
    return () => window.removeEventListener('unhandledrejection', onLost);
  }, []);
  if (condition !== 'outdated' && condition !== 'full') return otherwise;
  return (
    <p
      role="alert"
      className="flex items-center justify-center gap-2 border-b border-line bg-star-wash px-3 py-1 text-[0.8125rem]"
    >
      {condition === 'full' ? en.storage.filled : en.storage.outdated}
      {condition === 'outdated' && (
        <button type="button" className="min-h-7 font-semibold underline" onClick={takeOffer}>
          {en.storage.reload}
        </button>
      )}
    </p>
  );
}
