import { useNavigate } from '@remix-run/react';
import { ArrowLeft, History, Info, Settings } from 'lucide-react';
import { useState } from 'react';
import type { Me } from '../../protocol/shapes.ts';
import { faceOf } from '../inbox/describe-session.ts';
import { shortWhen } from '../inbox/when.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { Portrait } from '../people/portrait.tsx';
import { presenceWords } from '../people/presence-words.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';

const HistoryPanel = later(async () => (await import('../inbox/history-panel.tsx')).HistoryPanel);

export function ConversationHeader({
  session,
  me,
  onDetails,
}: {
  session: StoredSession;
  me: Me;
  onDetails(): void;
}) {
  const client = useChatClient();
  const navigate = useNavigate();
  const [showsHistory, setHistory] = useState(false);
  const { presence } = useStore(client.ephemeral);
  const connection = useStore(client.connection);
  const knownAsOf = useStore(client.known.asOf);
  const face = faceOf(session, me.id);
  const known = face.other ? presence[face.other.userId] : undefined;
  const people = session.members.filter((member) => member.role !== 'agent').length;
  const isLive = connection.kind === 'live';
  const words = face.isAgent
    ? isLive
      ? `Agent Jay · ${en.presence.online.toLowerCase()}`
      : 'Agent Jay'
    : face.other
      ? presenceWords(known)
      : en.presence.people(people);
  // What one knows of others, and holds of a conversation, is only as new as the last time one was connected.
  const ages = [
    !isLive && face.other && knownAsOf ? en.presence.asOf(shortWhen(knownAsOf)) : null,
    !isLive && session.completeAt ? en.conversation.completeTo(shortWhen(session.completeAt)) : null,
  ].filter(Boolean);
  return (
    <header className="flex items-center gap-2 border-b border-line px-2 py-2 pt-[max(8px,env(safe-area-inset-top))] wide:gap-3 wide:px-4">
      <IconButton label={en.back} className="wide:hidden" onClick={() => navigate('/chat')}>
        <ArrowLeft className="rtl:-scale-x-100" />
      </IconButton>
      <Portrait
        name={face.title}
        colourKey={face.colourKey}
        picture={face.picture}
        isAgent={face.isAgent}
        size={40}
        presence={isLive ? (face.isAgent ? 'online' : known?.status) : undefined}
      />
      <div className="min-w-0 flex-1">
        <h1 className="truncate leading-tight font-semibold">{face.title}</h1>
        <p className="truncate text-[0.8125rem] text-soft">
          {words}
          {ages.length > 0 && ` · ${ages.join(' · ')}`}
        </p>
      </div>
      <IconButton label={en.conversation.history} className="hidden sm:grid" onClick={() => setHistory(true)}>
        <History />
      </IconButton>
      <IconButton
        label={en.conversation.settings}
        className="hidden sm:grid"
        onClick={() => navigate('/chat/settings')}
      >
        <Settings />
      </IconButton>
      <IconButton label={en.conversation.details} onClick={onDetails}>
        <Info />
      </IconButton>
      {showsHistory && <HistoryPanel onClose={() => setHistory(false)} />}
    </header>
  );
}
