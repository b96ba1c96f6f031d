import type { Me } from '../../protocol/shapes.ts';
import { en } from '../messages/en.ts';
import { setBlocked } from '../people/block.ts';
import { useChatClient } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';

export function BlockedSection({ me }: { me: Me }) {
  const client = useChatClient();
  return (
    <Section title={en.people.blockedPeople}>
      {me.blocked.length === 0 && <p className="text-sm text-soft">{en.people.nobodyBlocked}</p>}
      <ul className="grid gap-2">
        {me.blocked.map((person) => (
          <li key={person.userId} className="flex min-h-11 items-center gap-3">
            <span className="min-w-0 flex-1 truncate">{person.name}</span>
            <Button
              look="quiet"
              className="px-2 text-sm"
              onClick={() => void setBlocked(client, person, false)}
            >
              {en.people.unblock}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
