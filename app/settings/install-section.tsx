import { en } from '../messages/en.ts';
import { installing } from '../shell/install.ts';
import { useStore } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';

/** How to put the app on the home screen, where this browser has a way. */
export function InstallSection() {
  const way = useStore(installing);
  if (way.kind === 'none') return null;
  return (
    <Section title={en.install.title}>
      <p className="mb-3 text-sm text-soft">{en.install.lead}</p>
      {way.kind === 'button' && (
        <Button onClick={() => void way.install().catch(() => {})}>{en.install.button}</Button>
      )}
      {way.kind === 'by-hand' && (
        <>
          <p className="text-sm">{en.install.byHand}</p>
          <p className="mt-2 text-sm text-soft">{en.install.iosLimits}</p>
        </>
      )}
    </Section>
  );
}
