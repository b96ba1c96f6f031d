import type { Me } from '../../protocol/shapes.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';

/** Reminds whoever chose to be busy that they still are, and ends it. */
export function BusyStrip({ me }: { me: Me }) {
  const { outbox } = useChatClient();
  const { busy, activity } = me.settings;
  if (!busy) return null;
  return (
    <div className="flex items-center gap-2 px-4 pb-1 text-[0.8125rem] text-soft">
      <i aria-hidden="true" className="h-2.5 w-2.5 flex-none rounded-full bg-busy" />
      <span className="truncate">
        {en.presence.youAreBusy}
        {activity && ` · ${activity}`}
      </span>
      <button
        type="button"
        className="min-h-11 flex-none font-semibold underline wide:min-h-7"
        onClick={() => void outbox.enqueue('me.update', { settings: { busy: false } })}
      >
        {en.presence.end} <span className="sr-only">{en.presence.beingBusy}</span>
      </button>
    </div>
  );
}
