import { Check, CheckCheck, Clock, Pencil, Smartphone } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { AGENT_ID } from '../../protocol/ids.ts';
import type { Recipient } from '../../protocol/outputs.ts';
import type { Me, Member } from '../../protocol/shapes.ts';
import { longWhen } from '../inbox/when.ts';
import type { JournalEntry, MessageRow, StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { nameIn } from '../people/name-in.ts';
import { Portrait } from '../people/portrait.tsx';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';
import { Dialog } from '../ui/dialog.tsx';

type Reader = Pick<Member, 'userId' | 'name' | 'picture' | 'deliveredSeq' | 'readSeq'>;

/** How far a message got: written, left this device, stored, reached each person's device, read; with tries and reasons. */
export function InfoSheet({
  message,
  session,
  me,
  onClose,
}: {
  message: MessageRow;
  session: StoredSession;
  me: Me;
  onClose(): void;
}) {
  const client = useChatClient();
  const { id: messageId, local } = message;
  const journal = useLiveQuery(
    () => client.db.marked.journal(messageId),
    ['journal', `messages:${session.id}`],
    [messageId],
  );
  const [isOffline, setOffline] = useState(false);
  // Asked again whenever somebody's mark moved.
  const marks = session.members.map((one) => `${one.deliveredSeq} ${one.readSeq}`).join();
  const isStored = local === null;
  const recipients = useLiveQuery(
    async () => {
      if (!isStored) return;
      // What was known stays where nobody answers.
      const info = await client.trpc.message.info.query({ messageId }).catch(() => null);
      setOffline(info === null);
      return info?.recipients;
    },
    [],
    [messageId, marks, isStored],
  );

  const others: Reader[] = session.members.filter(
    (member) => member.userId !== message.userId && member.role !== 'agent',
  );
  // Whom it reached before they left; of the others nothing is to come.
  for (const { userId, deliveredAt } of recipients ?? []) {
    if (userId === AGENT_ID || deliveredAt === null) continue;
    if (session.members.some((member) => member.userId === userId)) continue;
    const name = nameIn(session, userId);
    others.push({ userId, name, picture: null, deliveredSeq: 0, readSeq: 0 });
  }
  return (
    <Dialog open onOpenChange={onClose} title={en.info.title} closeLabel={en.close}>
      <p className="mb-4 line-clamp-3 border-s-[3px] border-line ps-2 text-sm text-soft">{message.content}</p>
      <ol className="grid gap-3">
        {message.userId === me.id && <OnThisDevice message={message} journal={journal ?? null} />}
        <Step
          icon={<Check className="h-4 w-4" />}
          name={en.info.stored}
          when={isStored ? message.createdAt : null}
        />
      </ol>
      {isStored && others.length > 0 && (
        <>
          <h3 className="mt-5 mb-2 text-xs font-semibold tracking-wide text-faint uppercase">
            {en.info.people}
          </h3>
          {isOffline && <p className="mb-2 text-sm text-soft">{en.info.offline}</p>}
          <ul className="grid gap-3">
            {others.map((member) => (
              <Person
                key={member.userId}
                member={member}
                seq={message.seq}
                known={recipients?.find((one) => one.userId === member.userId) ?? null}
              />
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

function OnThisDevice({ message, journal }: { message: MessageRow; journal: JournalEntry | null }) {
  if (!journal)
    return <Step icon={<Pencil className="h-4 w-4" />} name={en.info.elsewhere} when={null} plain />;
  const { attempts, lastAttemptAt, problem } = journal;
  const isWaiting = message.local !== null;
  return (
    <>
      <Step icon={<Pencil className="h-4 w-4" />} name={en.info.written} when={journal.writtenAt} />
      <Step icon={<Smartphone className="h-4 w-4" />} name={en.info.left} when={journal.leftAt}>
        {(attempts > 1 || isWaiting) && attempts > 0 && lastAttemptAt && (
          <p className="text-xs text-faint">{en.info.tries(attempts, longWhen(lastAttemptAt))}</p>
        )}
        {problem && isWaiting && (
          <p className="text-xs text-danger">{problem === 'no_answer' ? en.info.noAnswer : problem}</p>
        )}
      </Step>
    </>
  );
}

function Person({ member, seq, known }: { member: Reader; seq: number; known: Recipient | null }) {
  const isRead = member.readSeq >= seq;
  const isDelivered = member.deliveredSeq >= seq || !!known?.deliveredAt;
  const line = 'flex items-center gap-1.5 text-sm';
  const reasons: Record<string, string> = en.info.reasons;
  const when = (iso: string | null | undefined) => (iso ? longWhen(iso) : en.info.done);
  return (
    <li className="grid grid-cols-[36px_minmax(0,1fr)] gap-3">
      <Portrait name={member.name} colourKey={member.userId} picture={member.picture} size={36} />
      <div className="min-w-0">
        <b className="block truncate font-semibold">{member.name}</b>
        <p className={line}>
          <CheckCheck className={`h-4 w-4 ${isDelivered ? 'text-soft' : 'text-faint opacity-40'}`} />
          {isDelivered
            ? `${en.info.delivered} ${when(known?.deliveredAt)}`
            : known && known.retryCount === 0
              ? en.info.noDeviceYet
              : en.info.notDelivered}
        </p>
        {(isRead || known?.readAt) && (
          <p className={line}>
            <CheckCheck className="h-4 w-4 text-read" /> {en.info.read} {when(known?.readAt)}
          </p>
        )}
        {known && known.retryCount > 0 && (
          <p className="text-xs text-faint">
            {en.info.sentAgain(known.retryCount, known.lastRetry ? longWhen(known.lastRetry) : '')}
            {known.errorReason && ` · ${reasons[known.errorReason] ?? known.errorReason}`}
          </p>
        )}
      </div>
    </li>
  );
}

function Step({
  icon,
  name,
  when,
  plain = false,
  children,
}: {
  icon: ReactNode;
  name: string;
  when: string | null;
  plain?: boolean;
  children?: ReactNode;
}) {
  return (
    <li className="grid grid-cols-[24px_minmax(0,1fr)_auto] items-start gap-x-2">
      <span className="mt-1 text-soft">
        {when || plain ? icon : <Clock className="h-4 w-4 text-faint" />}
      </span>
      <span className={when || plain ? '' : 'text-faint'}>
        {name}
        {children}
      </span>
      {when ? (
        <time dateTime={when} className="mt-0.5 text-sm text-soft">
          {longWhen(when)}
        </time>
      ) : (
        !plain && <span className="mt-0.5 text-sm text-faint">{en.info.notYet}</span>
      )}
    </li>
  );
}
