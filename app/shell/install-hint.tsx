import { X } from 'lucide-react';
import { useState } from 'react';
import { en } from '../messages/en.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { installing } from './install.ts';

const KEY = 'j-star-chat:install-later';
const AGAIN_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

/** Below the list, once there is something worth keeping at hand; not again for a month once it was put off. */
export function InstallHint() {
  const { db } = useChatClient();
  const way = useStore(installing);
  const [isPutOff, setPutOff] = useState(wasPutOff);
  const hasTalked = useLiveQuery(
    async () => (await db.listSessions()).some((row) => row.lastMessage !== null),
    ['sessions'],
    [],
  );
  if (way.kind === 'none' || isPutOff || !hasTalked) return null;
  function later() {
    setPutOff(true);
    try {
      localStorage.setItem(KEY, String(Date.now()));
    } catch {
      // It is shown again with the next start.
    }
  }
  return (
    <aside
      aria-label={en.install.title}
      className="border-e border-t border-line bg-side px-4 py-3 pb-[calc(12px+env(safe-area-inset-bottom))] text-sm"
    >
      <p className="flex items-start gap-2">
        <span className="flex-1">{way.kind === 'by-hand' ? en.install.byHand : en.install.lead}</span>
        <IconButton label={en.install.later} className="-me-2 -mt-2" onClick={later}>
          <X />
        </IconButton>
      </p>
      {way.kind === 'by-hand' && <p className="mt-1 text-xs text-soft">{en.install.iosLimits}</p>}
      {way.kind === 'button' && (
        <Button look="primary" className="mt-2" onClick={() => void way.install().catch(() => {})}>
          {en.install.button}
        </Button>
      )}
    </aside>
  );
}

function wasPutOff(): boolean {
  try {
    return Date.now() - Number(localStorage.getItem(KEY) ?? 0) < AGAIN_AFTER_MS;
  } catch {
    return false;
  }
}
