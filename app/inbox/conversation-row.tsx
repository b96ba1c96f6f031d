import { BellOff, Pin } from 'lucide-react';
import type { Me } from '../../protocol/shapes.ts';
import { describeFiles } from '../attachments/describe-files.ts';
import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { nameIn, needsNames, shortName } from '../people/name-in.ts';
import { Portrait } from '../people/portrait.tsx';
import { useChatClient, useStore } from '../sync/react.tsx';
import { faceOf } from './describe-session.ts';
import { isMuted } from './muted.ts';
import { shortWhen } from './when.ts';

export function ConversationRow({ row, me }: { row: SessionRow; me: Me }) {
  const client = useChatClient();
  const { typing, answers, presence } = useStore(client.ephemeral);
  const isLive = useStore(client.connection).kind === 'live';
  const face = faceOf(row, me.id);
  const muted = isMuted(row.mine);
  const mark = 'h-3.5 w-3.5 flex-none text-faint';
  const last = row.lastMessage;
  const isWriting = last?.turn?.status === 'streaming' || (last !== null && last.id in answers);
  const isTyping = (typing[row.id]?.length ?? 0) > 0;
  const status = presenceShown();
  // To hear what the dot shows.
  const isHere = !face.isAgent && status !== undefined && status !== 'offline';
  const isMember = row.members.some((member) => member.userId === last?.userId);

  let line = <span className="text-soft">{lastLine()}</span>;
  if (isWriting) line = <span className="text-indigo-text">{en.list.agentWriting}</span>;
  else if (isTyping) line = <span className="text-indigo-text">{en.list.typing}</span>;
  else if (row.draft) {
    line = (
      <span className="text-soft">
        <span className="text-danger">{en.list.draft}</span> {row.draft}
      </span>
    );
  } else if (row.waiting > 0)
    line = <span className="text-soft">⏳ {`${en.list.waiting(row.waiting)} · ${lastLine()}`}</span>;

  function presenceShown() {
    if (!isLive) return undefined;
    if (face.isAgent) return 'online';
    return face.other ? (presence[face.other.userId]?.status ?? 'offline') : undefined;
  }

  function lastLine(): string {
    if (!last) return '';
    if (last.deletedAt) return en.list.deleted;
    const text = plain(last.content || last.turn?.error || describeFiles(last.attachments));
    if (last.userId === me.id) return `${en.message.you}: ${text}`;
    if (!needsNames(row)) return text;
    const author = nameIn(row, last.userId);
    return `${isMember ? shortName(author) : author}: ${text}`;
  }

  return (
    <span className="grid grid-cols-[44px_minmax(0,1fr)_auto] items-center gap-x-3 px-2 py-2.5">
      <Portrait
        name={face.title}
        colourKey={face.colourKey}
        picture={face.picture}
        isAgent={face.isAgent}
        presence={status}
      />
      <span className="min-w-0">
        <b className="flex items-center gap-1.5 text-[0.9375rem] font-semibold">
          <span className={`truncate ${muted ? 'text-soft' : ''}`}>{face.title}</span>
          {isHere && <span className="sr-only">{`, ${en.presence[status]}`}</span>}
          {row.mine.pinnedAt && <Pin role="img" aria-label={en.mine.isPinned} className={mark} />}
          {muted && <BellOff role="img" aria-label={en.mine.isMuted} className={mark} />}
        </b>
        <span className="block truncate text-sm">{line}</span>
      </span>
      <span className="min-w-9 self-start pt-0.5 text-end text-xs text-faint">
        <time dateTime={last?.createdAt ?? row.lastActivity}>
          {shortWhen(last?.createdAt ?? row.lastActivity)}
        </time>
      </span>
    </span>
  );
}

/** Markdown's marks mean nothing in one line. */
function plain(text: string): string {
  return text
    .slice(0, 160)
    .replace(/[*_`#>|]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
