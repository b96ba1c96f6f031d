import { RemixBrowser } from '@remix-run/react';
import { StrictMode, startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { watchForUpdates } from './shell/app-update.ts';
import { watchForInstall } from './shell/install.ts';
import { handOverScreens } from './shell/screens.ts';
import { leaveLater } from './sign-in/leave-later.ts';
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

if (isLeaving()) leaveLater();
watchForUpdates();
watchForInstall();
