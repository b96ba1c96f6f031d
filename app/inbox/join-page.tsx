import { useState } from 'react';
import { en } from '../messages/en.ts';
import { Landing } from '../sign-in/landing.tsx';
import { createTrpc, failureOf } from '../trpc/client.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/star.tsx';
import { useBusy } from '../ui/use-busy.ts';
import { useHydrated } from '../ui/use-hydrated.ts';

/** Where an invitation link leads: sign in if need be, then join. */
export function JoinPage({ token, isSignedIn }: { token: string; isSignedIn: boolean }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, run] = useBusy();
  const isHydrated = useHydrated();
  if (!isSignedIn) {
    return (
      <Landing
        isSignedIn={false}
        next={`/join/${token}`}
        title={en.join.title}
        guestLabel={en.join.asGuest}
      />
    );
  }

  async function join() {
    try {
      const session = await createTrpc().session.join.mutate({ token });
      window.location.assign(`/chat/${session.id}`);
    } catch (error) {
      setProblem(failureOf(error)?.message ?? en.errors.generic);
    }
  }

  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-5 p-6 text-center">
      <Mark className="mx-auto h-14 w-14" />
      <h1 className="text-2xl font-semibold">{en.join.title}</h1>
      {problem && (
        <p role="alert" className="text-danger">
          {problem}
        </p>
      )}
      <Button look="primary" onClick={() => void run(join)} disabled={isBusy || !isHydrated}>
        {en.join.join}
      </Button>
    </main>
  );
}
