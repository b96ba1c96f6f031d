import { en } from '../messages/en.ts';
import { useStore } from '../sync/react.tsx';
import { takeUpdate, updateWaits } from './app-update.ts';

/** A quiet line that offers the new version; what is typed stays, for drafts are stored as one types. */
export function UpdateOffer() {
  const waits = useStore(updateWaits);
  if (!waits) return null;
  return (
    <p
      role="status"
      className="flex items-center justify-center gap-2 border-b border-line bg-indigo-wash px-3 py-1 text-[0.8125rem]"
    >
      {en.update.ready}
      <button type="button" className="min-h-7 font-semibold underline" onClick={takeUpdate}>
        {en.update.take}
      </button>
    </p>
  );
}
