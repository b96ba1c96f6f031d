import { useNavigate } from '@remix-run/react';
import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import type { Me } from '../../protocol/shapes.ts';
import { shortWhen } from '../inbox/when.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { PersonMenu } from '../people/person-menu.tsx';
import { SessionProject } from '../project/session-project.tsx';
import { useChatClient } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { SessionGoal, SessionRecord } from './session-record.tsx';

/** About a conversation: its title, who is in it, how to invite, how to put it away. */
export function Details({
  session,
  me,
  modelLabel,
  onClose,
}: {
  session: StoredSession;
  me: Me;
  modelLabel: string | null;
  onClose(): void;
}) {
  const client = useChatClient();
  const navigate = useNavigate();
  const [link, setLink] = useState<string | null>(null);
  const isOwner = session.members.some((member) => member.userId === me.id && member.role === 'owner');
  const hasAgent = session.members.some((member) => member.role === 'agent');
  const heading = 'mt-5 mb-2 text-xs font-semibold tracking-wide text-faint uppercase';

  function rename(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim();
    if (title && title !== session.title)
      void client.outbox.enqueue('session.update', { sessionId: session.id, title });
  }

  async function invite() {
    try {
      const { url } = await client.trpc.session.invite.mutate({ sessionId: session.id });
      setLink(url);
      await navigator.clipboard?.writeText(url).then(() => toast.success(en.copied));
    } catch (error) {
      if (failureOf(error) || !link) toast.error(failureOf(error)?.message ?? en.details.failed);
    }
  }

  async function compare() {
    try {
      const mended = await client.verify(session.id);
      toast.success(mended > 0 ? en.details.mended(mended) : en.details.same);
    } catch {
      toast.error(en.details.failed);
    }
  }

  async function leave() {
    await client.outbox.enqueue('session.leave', { sessionId: session.id });
    navigate('/chat');
  }

  return (
    <aside
      aria-label={en.conversation.details}
      className="overflow-y-auto border-s border-line bg-paper p-4 pt-[max(16px,env(safe-area-inset-top))]"
    >
      <div className="flex items-center justify-between">
        <h1 className="font-semibold">{en.conversation.details}</h1>
        <IconButton label={en.close} onClick={onClose}>
          <X />
        </IconButton>
      </div>
      <form onSubmit={rename} className="mt-3 grid gap-2" key={session.title}>
        <Field label={en.details.title} name="title" defaultValue={session.title} maxLength={200} />
        <Button type="submit">{en.save}</Button>
      </form>
      {hasAgent && <SessionGoal session={session} />}
      {hasAgent && <SessionProject session={session} heading={heading} />}
      <h2 className={heading}>{en.details.members}</h2>
      <ul className="grid gap-2">
        {session.members.map((member) => (
          <li key={member.userId} className="flex items-center gap-3">
            <Avatar
              name={member.name}
              colourKey={member.userId}
              isAgent={member.role === 'agent'}
              size={36}
            />
            <span className="min-w-0 flex-1 truncate">
              {member.name}
              <span className="block text-xs text-faint">
                {member.role === 'owner' ? en.details.owner : member.role === 'agent' ? en.details.agent : ''}
              </span>
            </span>
            {isOwner && member.userId !== me.id && member.role !== 'agent' && (
              <Button
                look="quiet"
                className="px-2 text-sm"
                onClick={() =>
                  void client.outbox.enqueue('session.removeMember', {
                    sessionId: session.id,
                    userId: member.userId,
                  })
                }
              >
                {en.details.remove}
              </Button>
            )}
            {member.userId !== me.id && member.role !== 'agent' && <PersonMenu person={member} />}
          </li>
        ))}
      </ul>
      <div className="mt-4 grid gap-2">
        <Button onClick={() => void invite()}>{en.details.invite}</Button>
        <p className="text-xs text-faint">{en.details.inviteNote}</p>
        {link && (
          <input
            readOnly
            aria-label={en.details.copyLink}
            value={link}
            onFocus={(event) => event.currentTarget.select()}
            className="min-h-11 rounded-control border border-line bg-surface px-3 text-sm"
          />
        )}
      </div>
      {hasAgent && modelLabel && (
        <>
          <h2 className={heading}>{en.details.model}</h2>
          <p className="text-sm">{modelLabel}</p>
        </>
      )}
      <SessionRecord session={session} heading={heading} />
      <p className="mt-1 text-sm text-faint">
        {session.completeAt ? en.details.complete(shortWhen(session.completeAt)) : en.details.notCompared}{' '}
        <button type="button" className="min-h-7 font-semibold underline" onClick={() => void compare()}>
          {en.details.compare}
        </button>
      </p>
      <div className="mt-4 grid gap-2">
        <Button
          onClick={() =>
            void client.outbox.enqueue('session.update', {
              sessionId: session.id,
              isActive: !session.isActive,
            })
          }
        >
          {session.isActive ? en.details.archive : en.details.unarchive}
        </Button>
        <Button look="danger" onClick={() => void leave()}>
          {en.details.leave}
        </Button>
      </div>
    </aside>
  );
}
