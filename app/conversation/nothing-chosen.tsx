import { en } from '../messages/en.ts';
import { Mark } from '../ui/star.tsx';
import { WayBack } from './way-back.tsx';

export function NothingChosen() {
  return (
    <div className="grid h-full place-content-center justify-items-center gap-4 p-6 text-center text-soft">
      <Mark className="h-16 w-16 opacity-80" />
      <p>{en.conversation.choose}</p>
      <WayBack />
    </div>
  );
}
