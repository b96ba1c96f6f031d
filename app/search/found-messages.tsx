import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import type { ChatMessage } from '../../protocol/shapes.ts';
import { describeFiles } from '../attachments/describe-files.ts';
import { OrPlain } from '../formatted/or-plain.tsx';
import { faceOf } from '../inbox/describe-session.ts';
import { shortWhen } from '../inbox/when.ts';
import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { nameIn } from '../people/name-in.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { plainWord } from './message-index.ts';
import type { FoundMessages } from './use-message-search.ts';

const AROUND = 40;

/** Messages that match, each a way to where it was said. */
export function FoundMessageList({ found, query }: { found: FoundMessages; query: string }) {
  const client = useChatClient();
  const me = useStore(client.me);
  const sessions = useLiveQuery(
    async () => {
      const rows = await Promise.all([client.db.listSessions(), client.db.listSessions({ archived: true })]);
      return new Map<string, SessionRow>(rows.flat().map((row) => [row.id, row]));
    },
    ['sessions'],
    [],
  );
  /** Who said it, and where. */
  function whose({ sessionId, userId }: Pick<ChatMessage, 'sessionId' | 'userId'>): string {
    const row = sessions?.get(sessionId);
    if (!row) return '';
    return `${userId === me.id ? en.message.you : nameIn(row, userId)} · ${faceOf(row, me.id).title}`;
  }
  const words = (query.match(/[\p{L}\p{N}]+/gu) ?? []).map(plainWord);
  return (
    <section aria-label={en.search.messages}>
      <h2 className="px-2 pt-3 pb-1 text-xs font-semibold tracking-wide text-faint uppercase">
        {en.search.messages}
        {found.isDeviceOnly && ` · ${en.search.onDevice.toLowerCase()}`}
      </h2>
      {found.messages.length === 0 && (
        <p className="px-2 py-3 text-sm text-soft">
          {found.isDeviceOnly ? en.search.noneHere : en.search.none}
        </p>
      )}
      <ul>
        {found.messages.map(({ message, ranges }) => (
          <li key={message.id}>
            <OrPlain text={message.content}>
              <Link
                to={`/chat/${message.sessionId}?m=${message.id}`}
                className="block rounded-[14px] px-2 py-2 hover:bg-ink/5"
              >
                <span className="flex justify-between gap-2 text-xs text-faint">
                  <span className="truncate">{whose(message)}</span>
                  <time dateTime={message.createdAt} className="flex-none">
                    {shortWhen(message.createdAt)}
                  </time>
                </span>
                <span className="line-clamp-2 text-sm break-words">
                  {message.content !== ''
                    ? highlighted(message.content, ranges ?? rangesHere(message.content, words))
                    : describeFiles(message.attachments)}
                </span>
              </Link>
            </OrPlain>
          </li>
        ))}
      </ul>
      {found.more && (
        <Button look="quiet" className="mx-2 mb-2 w-[calc(100%-16px)]" onClick={found.more}>
          {en.search.more}
        </Button>
      )}
    </section>
  );
}

type Range = readonly [number, number];

/** Where this device found something, as the server says it of its own. */
function rangesHere(content: string, words: readonly string[]): Range[] {
  return [...content.matchAll(/[\p{L}\p{N}]+/gu)]
    .filter(({ 0: word }) => words.some((searched) => plainWord(word).startsWith(searched)))
    .map((match) => [match.index, match.index + match[0].length]);
}

/** The part of the text around the first hit, with every hit marked. */
function highlighted(content: string, ranges: readonly Range[]): ReactNode[] {
  const from = Math.max(0, (ranges[0]?.[0] ?? 0) - AROUND);
  const parts: ReactNode[] = [from > 0 ? '… ' : ''];
  let at = from;
  for (const [start, end] of ranges) {
    if (start > from + 4 * AROUND) break;
    parts.push(content.slice(at, start), <mark key={start}>{content.slice(start, end)}</mark>);
    at = end;
  }
  parts.push(content.slice(at, at + 4 * AROUND));
  return parts;
}
