import type { FormEvent } from 'react';
import { shortWhen } from '../inbox/when.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { TextArea } from '../ui/text-area.tsx';

const GOAL_AT_MOST = 1_000;

/** What is kept of a conversation as a whole: its kind, how much was said, and what it took. */
export function SessionRecord({ session }: { session: StoredSession }) {
  const number = (n: number) => n.toLocaleString('en-GB');
  const rows: [string, string][] = [
    [en.record.type, en.create.types[session.sessionType][0]],
    [en.record.messages, number(session.totalMessages)],
    ...(session.aiModelUsed ? ([[en.record.model, session.aiModelUsed]] as [string, string][]) : []),
    ...(session.tokensUsed > 0
      ? ([[en.record.tokens, number(session.tokensUsed)]] as [string, string][])
      : []),
    [en.record.started, shortWhen(session.createdAt)],
    [en.record.lastActivity, shortWhen(session.lastActivity)],
  ];
  return (
    <Section title={en.record.title} isNarrow>
      <dl className="tabular grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd className="truncate text-end">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** What its members want Agent Jay to know of a conversation; all of them see it. */
export function SessionGoal({ session }: { session: StoredSession }) {
  const { outbox } = useChatClient();
  const { goal } = session.context;
  const known = typeof goal === 'string' ? goal : '';

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const written = String(new FormData(event.currentTarget).get('goal') ?? '').trim();
    if (written !== known)
      void outbox.enqueue('session.update', { sessionId: session.id, context: { goal: written || null } });
  }

  return (
    <form onSubmit={save} className="mt-3 grid gap-2" key={known}>
      <TextArea
        label={en.record.goal}
        name="goal"
        rows={2}
        defaultValue={known}
        placeholder={en.record.goalExample}
        maxLength={GOAL_AT_MOST}
      />
      <Button type="submit">{en.record.saveGoal}</Button>
    </form>
  );
}
