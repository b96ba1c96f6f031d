import { WayBack } from '../conversation/way-back.tsx';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { FailedPage } from './failed-page.tsx';

type Name = keyof typeof import('./later-screens.ts');

/** The screens of the app that come later, by the ids of their routes. */
export const laterScreens = {
  'routes/chat.settings': screen('SettingsPage'),
  'routes/chat.starred': screen('StarredPage'),
  'routes/chat.reports': screen('ReportsPage'),
};

function screen(name: Name) {
  const Shown = later(async () => (await import('./later-screens.ts'))[name], { Place: OnItsWay });
  return { default: Shown, ErrorBoundary: FailedPage };
}

/** A phone shows one screen at a time: there is a way back from one that is not here yet. */
function OnItsWay() {
  return (
    <section className="grid h-full place-content-center justify-items-center gap-4 p-6 text-center text-soft">
      <p role="status">{en.connection.connecting}</p>
      <WayBack />
    </section>
  );
}
