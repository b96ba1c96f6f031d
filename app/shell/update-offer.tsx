import { en } from '../messages/en.ts';
import { useStore } from '../sync/react.tsx';
import { reloadOffer, takeOffer } from './app-update.ts';

/** A quiet line that offers to load the page anew; what is typed stays, for drafts are stored as one types. */
export function UpdateOffer() {
  const offer = useStore(reloadOffer);
  if (!offer) return null;
  return (
    <p
      role="status"
      className="flex items-center justify-center gap-2 border-b border-line bg-indigo-wash px-3 py-1 text-[0.8125rem]"
    >
      {en.update[offer]}
      <button type="button" className="min-h-7 font-semibold underline" onClick={takeOffer}>
        {offer === 'newer' ? en.update.take : en.update.loadAgain}
      </button>
    </p>
  );
}
