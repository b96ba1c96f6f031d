import { useNavigate } from '@remix-run/react';
import { type FormEvent, useState } from 'react';
import { newSessionId, type SessionId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Input } from '../../protocol/procedures.ts';
import { SessionType } from '../../protocol/shapes.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Star } from '../ui/star.tsx';

type Kind = 'agent' | 'person' | 'group';
const kinds: readonly Kind[] = ['agent', 'person', 'group'];

/** With Agent Jay, with someone by e-mail address, or a group that is invited by a link. */
export function NewConversation({ onOpenChange }: { onOpenChange(open: boolean): void }) {
  const client = useChatClient();
  const navigate = useNavigate();
  const [kind, setKind] = useState<Kind>('agent');
  const [problem, setProblem] = useState<string | null>(null);

  async function create(input: Omit<Input<'session.create'>, 'id'>) {
    const id: SessionId = newSessionId();
    try {
      await client.outbox.enqueue('session.create', { id, ...input });
      onOpenChange(false);
      navigate(`/chat/${id}`);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : en.errors.generic);
    }
  }

  async function withPerson(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email') ?? '').trim();
    setProblem(null);
    try {
      const person = await client.trpc.people.find.query({ email });
      if (!person) setProblem(en.create.notFound);
      else await create({ memberIds: [UserId.parse(person.userId)], withAgent: false });
    } catch (error) {
      setProblem(failureOf(error)?.message ?? en.create.offline);
    }
  }

  function withGroup(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const title = String(data.get('title') ?? '').trim();
    void create({ title, isGroupChat: true, withAgent: data.get('withAgent') === 'on' });
  }

  return (
    <Dialog open onOpenChange={onOpenChange} title={en.create.title} closeLabel={en.close}>
      <div className="mb-4 grid grid-cols-3 gap-1 rounded-xl bg-side p-1 text-sm">
        {kinds.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={kind === name}
            onClick={() => {
              setKind(name);
              setProblem(null);
            }}
            className="min-h-10 rounded-lg px-1 text-soft sm:px-2 aria-pressed:bg-surface aria-pressed:font-medium aria-pressed:text-ink aria-pressed:shadow-soft"
          >
            {en.create[name]}
          </button>
        ))}
      </div>
      {kind === 'agent' && (
        <ul className="grid gap-2">
          {SessionType.options.map((type) => (
            <li key={type}>
              <button
                type="button"
                onClick={() => void create({ sessionType: type })}
                className="flex w-full items-center gap-3 rounded-xl border border-line bg-surface p-3 text-start hover:border-indigo"
              >
                <Star className="h-6 w-6 flex-none text-star" />
                <span>
                  <b className="block font-semibold">{en.create.types[type][0]}</b>
                  <span className="text-sm text-soft">{en.create.types[type][1]}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {kind === 'person' && (
        <form onSubmit={withPerson} className="grid gap-3">
          <Field label={en.create.email} name="email" type="email" required error={problem} />
          <Button look="primary" type="submit">
            {en.create.start}
          </Button>
        </form>
      )}
      {kind === 'group' && (
        <form onSubmit={withGroup} className="grid gap-3">
          <Field label={en.create.groupTitle} name="title" required maxLength={limits.titleLength} />
          <label className="flex min-h-11 items-center gap-3">
            <input type="checkbox" name="withAgent" defaultChecked className="h-5 w-5 accent-indigo" />{' '}
            {en.create.withAgent}
          </label>
          <Button look="primary" type="submit">
            {en.create.start}
          </Button>
        </form>
      )}
      {problem && kind !== 'person' && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
