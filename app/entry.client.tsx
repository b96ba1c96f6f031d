import { RemixBrowser } from '@remix-run/react';
import { StrictMode, startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { watchForUpdates } from './shell/app-update.ts';
import { watchForInstall } from './shell/install.ts';
import { leaveWhenOnline } from './sign-in/leave-when-online.ts';

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
  );
});

leaveWhenOnline();
watchForUpdates();
watchForInstall();
