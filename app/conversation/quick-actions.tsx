import { Zap } from 'lucide-react';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { IconButton } from '../ui/button.tsx';
import { useMenu } from '../ui/use-menu.ts';

const OpenQuickActions = later(async () => (await import('./open-quick-actions.tsx')).OpenQuickActions);

/** Things that one asks Agent Jay again and again; the words go into the composer, to be changed or sent. */
export function QuickActions({ onChoose }: { onChoose(text: string): void }) {
  const { button, opened } = useMenu();
  return (
    <>
      <IconButton label={en.quick.title} {...button}>
        <Zap />
      </IconButton>
      {opened && <OpenQuickActions opened={opened} onChoose={onChoose} />}
    </>
  );
}
