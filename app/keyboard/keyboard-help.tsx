import { en } from '../messages/en.ts';
import { Dialog } from '../ui/dialog.tsx';

/** Every key there is. */
export function KeyboardHelp({ onClose }: { onClose(): void }) {
  const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return (
    <Dialog open onOpenChange={onClose} title={en.keys.title} closeLabel={en.close}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-2">
        {en.keys.list.map(([keys, what]) => (
          <div key={keys} className="contents">
            <dt>
              {keys.split(' ').map((key) => (
                <kbd
                  key={key}
                  className="me-1 inline-block min-w-7 rounded-md border border-line bg-surface px-1.5 text-center text-sm"
                >
                  {key === 'Ctrl' && isMac ? '⌘' : key}
                </kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
