import { useState } from 'react';
import { en } from '../messages/en.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/star.tsx';
import { useBusy } from '../ui/use-busy.ts';
import { useHydrated } from '../ui/use-hydrated.ts';
import { signInAsGuest } from './auth-calls.ts';
import { CredentialsForm } from './credentials-form.tsx';
import { takeShared } from './shared-meanwhile.ts';

/** A whole page load, not a client-side step: the shell starts with the new cookie. */
export function go(to: string): void {
  window.location.assign(to);
}

export function Landing({
  isSignedIn,
  next,
  title,
  lead,
  guestLabel,
}: {
  isSignedIn: boolean;
  next: string;
  title?: string;
  lead?: string;
  guestLabel?: string;
}) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, run] = useBusy();
  const isHydrated = useHydrated();

  /** To what another app shared meanwhile, unless an address leads elsewhere. */
  const enter = () => go((next === '/chat' && takeShared()) || next);

  async function guest() {
    const found = await signInAsGuest();
    setProblem(found);
    if (found === null) enter();
  }

  return (
    <main className="mx-auto grid min-h-dvh max-w-5xl content-center gap-10 px-5 py-10 lg:grid-cols-[1.2fr_1fr] lg:gap-16">
      <section className="self-center">
        <p className="mb-6 flex items-center gap-3 text-lg font-semibold">
          <Mark className="h-10 w-10" /> {en.name}
        </p>
        <h1 className="mb-4 text-3xl leading-tight font-semibold tracking-tight text-balance sm:text-4xl">
          {title ?? en.landing.title}
        </h1>
        <p className="max-w-prose text-soft">{lead ?? en.landing.lead}</p>
      </section>
      <section
        className="rounded-2xl border border-line bg-surface p-6 shadow-soft"
        aria-label={en.landing.signIn}
      >
        {isSignedIn ? (
          <a
            href={next}
            className="grid min-h-11 place-items-center rounded-control bg-indigo px-4 font-medium text-indigo-ink"
          >
            {en.landing.open}
          </a>
        ) : (
          <>
            <Button
              look="primary"
              className="w-full"
              onClick={() => void run(guest)}
              disabled={isBusy || !isHydrated}
            >
              {guestLabel ?? en.landing.guest}
            </Button>
            <p className="mt-2 text-sm text-soft">{en.landing.guestNote}</p>
            {problem && (
              <p role="alert" className="mt-2 text-sm text-danger">
                {problem}
              </p>
            )}
            <p className="my-5 flex items-center gap-3 text-sm text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
              {en.landing.or}
            </p>
            <CredentialsForm mode="in" onDone={enter} />
          </>
        )}
      </section>
    </main>
  );
}
