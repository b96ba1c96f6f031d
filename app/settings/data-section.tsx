import { type FormEvent, useRef, useState } from 'react';
import { en } from '../messages/en.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { useBusy } from '../ui/use-busy.ts';
import { clearAway } from './leave-device.ts';

/** Taking along what is kept of oneself, and having it deleted. */
export function DataSection() {
  const client = useChatClient();
  const connection = useStore(client.connection);
  const [isAsking, setIsAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, run] = useBusy();
  const wasUnanswered = useRef(false);
  const isLive = connection.kind === 'live';

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('word') ?? '').trim();
    if (typed.toLowerCase() !== en.account.deleteWord) setProblem(en.account.typeWord);
    else void run(remove);
  }

  async function remove() {
    try {
      await client.trpc.me.delete.mutate({ confirm: 'delete my account' });
    } catch (error) {
      const failure = failureOf(error);
      // An earlier try did it, of which only the answer got lost.
      if (failure?.reason !== 'UNAUTHENTICATED' || !wasUnanswered.current) {
        wasUnanswered.current ||= failure === null;
        return setProblem(failure?.message ?? en.errors.generic);
      }
    }
    await clearAway(client);
    window.location.assign('/');
  }

  return (
    <Section title={en.account.data}>
      <div className="grid justify-items-start gap-3">
        {isLive ? (
          <a
            href="/api/export"
            download
            className="inline-flex min-h-11 items-center rounded-control border border-line bg-surface px-4 font-medium hover:bg-side wide:min-h-9"
          >
            {en.account.export}
          </a>
        ) : (
          <p className="text-sm text-soft">{en.account.exportOffline}</p>
        )}
        <p className="text-sm text-soft">{en.account.exportNote}</p>
        <Button look="danger" disabled={!isLive} onClick={() => setIsAsking(true)}>
          {en.account.delete}
        </Button>
      </div>
      <Dialog open={isAsking} onOpenChange={setIsAsking} title={en.account.delete} closeLabel={en.close}>
        <form onSubmit={submit} className="grid gap-3">
          <p>{en.account.deleteNote}</p>
          <Field
            label={en.account.typeWord}
            name="word"
            autoComplete="off"
            autoCapitalize="none"
            error={problem}
          />
          <Button type="submit" look="danger" disabled={isBusy}>
            {en.account.deleteNow}
          </Button>
        </form>
      </Dialog>
    </Section>
  );
}
