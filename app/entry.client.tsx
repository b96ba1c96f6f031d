import { RemixBrowser } from '@remix-run/react';
import { StrictMode, startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { fetchUntilHere, makePart } from './parts/part.ts';
import { watchForUpdates } from './shell/app-update.ts';
import { watchForInstall } from './shell/install.ts';
import { handOverScreens } from './shell/screens.ts';
import { isLeaving } from './sign-in/leaving.ts';

/** By the time this is rendered, everything that a page begins with has run, whatever order the scripts came in. */
function Browser() {
  handOverScreens();
  return <RemixBrowser />;
}

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <Browser />
    </StrictMode>,
  );
});

if (isLeaving())
  fetchUntilHere(
    makePart(() => import('./sign-in/leave-when-online.ts')),
    ({ leaveWhenOnline }) => void leaveWhenOnline(),
  );
watchForUpdates();
watchForInstall();
