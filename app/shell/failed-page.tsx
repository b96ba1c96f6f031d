import { isRouteErrorResponse, useRouteError } from '@remix-run/react';
import { useEffect } from 'react';
import { en } from '../messages/en.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/star.tsx';
import { pageStarted } from './boot-guard.ts';

/**
 * In place of what could not be shown. Says nothing of why: the console has it. Both ways out load the page anew, also
 * without a network, for nothing of what failed may be left; what was written is stored by then.
 */
export function FailedPage() {
  const error = useRouteError();
  const isUnknown = isRouteErrorResponse(error) && error.status === 404;
  // It stands: whoever watches over the start of the page need not fetch it anew.
  useEffect(pageStarted, []);
  return (
    <section
      role="alert"
      className="grid h-full min-h-[min(100dvh,24rem)] place-content-center justify-items-center gap-4 p-6 text-center"
    >
      <Mark className="h-14 w-14" />
      <h1 className="text-lg font-semibold">{isUnknown ? en.failed.unknown : en.failed.title}</h1>
      {!isUnknown && <p className="max-w-md text-soft">{en.failed.kept}</p>}
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        {!isUnknown && (
          <Button look="primary" onClick={() => window.location.reload()}>
            {en.failed.again}
          </Button>
        )}
        <a
          href="/chat"
          className="inline-flex min-h-11 items-center rounded-control border border-line bg-surface px-4 font-medium text-ink transition hover:bg-side wide:min-h-9"
        >
          {en.failed.toConversations}
        </a>
      </div>
    </section>
  );
}
