import { en } from '../messages/en.ts';
import { installing } from '../shell/install.ts';
import { useStore } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';

/** How to put the app on the home screen, where this browser has a way. */
export function InstallSection({ heading }: { heading: string }) {
  const way = useStore(installing);
  if (way.kind === 'none') return null;
  return (
    <>
      <h2 className={heading}>{en.install.title}</h2>
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
    </>
  );
}
