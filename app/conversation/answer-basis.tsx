import { Info } from 'lucide-react';
import { useState } from 'react';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

const Basis = later(async () => (await import('./basis.tsx')).Basis);

/** "What this answer was based on", for the one who asked. */
export function AnswerBasis({ message }: { message: MessageRow }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <IconButton label={en.basis.title} onClick={() => setIsOpen(true)}>
        <Info />
      </IconButton>
      {isOpen && (
        <Dialog open onOpenChange={setIsOpen} title={en.basis.title} closeLabel={en.close}>
          <Basis message={message} />
        </Dialog>
      )}
    </>
  );
}
