import { useEffect, useState } from 'react';
import { later } from '../parts/later.tsx';

const Palette = later(async () => (await import('./palette.tsx')).Palette);
const KeyboardHelp = later(async () => (await import('./keyboard-help.tsx')).KeyboardHelp);

/** Keys that work everywhere: the palette, search, help. */
export function Keyboard() {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return setOpen((now) => (now === 'palette' ? null : 'palette'));
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('nav input[type="search"]');
        if (!search || search.offsetParent === null) return;
        event.preventDefault();
        search.focus();
      } else if (event.key === '?') setOpen('help');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const close = () => setOpen(null);
  return (
    <>
      {open === 'palette' && <Palette onClose={close} onHelp={() => setOpen('help')} />}
      {open === 'help' && <KeyboardHelp onClose={close} />}
    </>
  );
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
