import { useNavigate } from '@remix-run/react';
import { X } from 'lucide-react';
import type { FormEvent } from 'react';
import { limits } from '../../protocol/limits.ts';
import type { Me } from '../../protocol/shapes.ts';
import { sessionActions } from '../inbox/session-actions.ts';
import { shortWhen } from '../inbox/when.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { PicturePicker } from '../people/picture-picker.tsx';
import { SessionProject } from '../project/session-project.tsx';
import { useChatClient } from '../sync/react.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { toast } from '../ui/toast.ts';
import { Invitations } from './invitations.tsx';
import { Members } from './members.tsx';
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
  const isOwner = session.members.some((member) => member.userId === me.id && member.role === 'owner');
  const hasAgent = session.members.some((member) => member.role === 'agent');

  function rename(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim();
    if (title && title !== session.title)
      void client.outbox.enqueue('session.update', { sessionId: session.id, title });
  }

  function setRoom(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const maxParticipants = Number(new FormData(event.currentTarget).get('room'));
    if (Number.isInteger(maxParticipants) && maxParticipants !== session.maxParticipants)
      client.outbox
        .enqueue('session.update', { sessionId: session.id, maxParticipants })
        .catch(() => toast.error(en.details.failed));
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
      {isOwner && session.isGroupChat && (
        <div className="mt-3">
          <PicturePicker
            label={en.picture.group}
            name={session.title}
            colourKey={session.id}
            picture={session.picture}
            onChange={async (picture) => {
              await client.outbox.enqueue('session.update', { sessionId: session.id, picture });
            }}
          />
        </div>
      )}
      <form onSubmit={rename} className="mt-3 grid gap-2" key={session.title}>
        <Field
          label={en.details.title}
          name="title"
          defaultValue={session.title}
          maxLength={limits.titleLength}
        />
        <Button type="submit">{en.save}</Button>
      </form>
      {hasAgent && <SessionGoal session={session} />}
      {hasAgent && <SessionProject session={session} />}
      <Section title={en.details.members} isNarrow>
        <Members session={session} me={me} />
        {!session.left && <Invitations session={session} />}
        {isOwner && session.isGroupChat && (
          <form onSubmit={setRoom} className="mt-4 grid gap-2" key={session.maxParticipants}>
            <Field
              label={en.details.room}
              name="room"
              type="number"
              min={2}
              max={limits.participantsAtMost}
              defaultValue={session.maxParticipants}
            />
            <Button type="submit">{en.save}</Button>
          </form>
        )}
      </Section>
      {hasAgent && modelLabel && (
        <Section title={en.details.model} isNarrow>
          <p className="text-sm">{modelLabel}</p>
        </Section>
      )}
      <SessionRecord session={session} />
      <p className="mt-1 text-sm text-faint">
        {session.completeAt ? en.details.complete(shortWhen(session.completeAt)) : en.details.notCompared}{' '}
        <button type="button" className="min-h-7 font-semibold underline" onClick={() => void compare()}>
          {en.details.compare}
        </button>
      </p>
      <div className="mt-4 grid gap-2">
        {sessionActions(client, session).map(({ label, Icon, run }) => (
          <Button key={label} onClick={run}>
            <Icon className="h-4 w-4" /> {label}
          </Button>
        ))}
        <Button look="danger" onClick={() => void leave()}>
          {en.details.leave}
        </Button>
      </div>
    </aside>
  );
}
