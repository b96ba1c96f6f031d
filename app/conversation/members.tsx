import { UserCog } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect } from 'react';
import type { Me, Member } from '../../protocol/shapes.ts';
import { shortWhen } from '../inbox/when.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { PersonMenu } from '../people/person-menu.tsx';
import { Portrait } from '../people/portrait.tsx';
import { presenceWords } from '../people/presence-words.ts';
import { useChatClient, useStore, useStoreValue } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';

/** Who is in a conversation, and what an owner can do about it. */
export function Members({ session, me }: { session: StoredSession; me: Me }) {
  const { known, connection } = useChatClient();
  const isLive = useStore(connection).kind === 'live';
  useEffect(() => {
    if (isLive) void known.find(session.members.map((member) => member.userId));
  }, [known, isLive, session.members]);
  const isOwner = session.members.some((member) => member.userId === me.id && member.role === 'owner');
  return (
    <ul className="grid grid-cols-[minmax(0,1fr)] gap-2">
      {session.members.map((member) => (
        <li key={member.userId} className="flex items-center gap-3">
          <Portrait
            name={member.name}
            colourKey={member.userId}
            picture={member.picture}
            isAgent={member.role === 'agent'}
            size={36}
          />
          <span className="min-w-0 flex-1 truncate">
            {member.name}
            {member.userId === me.id && <span className="text-faint"> · {en.message.you}</span>}
            <span className="block text-xs text-balance break-words whitespace-normal text-faint">
              <MemberLine member={member} />
            </span>
          </span>
          {isOwner && member.userId !== me.id && (
            <MemberMenu session={session} member={member} canOwn={member.role !== 'agent'} />
          )}
          {member.userId !== me.id && member.role !== 'agent' && <PersonMenu person={member} />}
        </li>
      ))}
    </ul>
  );
}

/** What somebody is in this conversation, and whether they are here. */
function MemberLine({ member }: { member: Member }) {
  const { ephemeral, known } = useChatClient();
  const presence = useStoreValue(ephemeral, (state) => state.presence[member.userId]);
  const asOf = useStore(known.asOf);
  if (member.role === 'agent') return en.details.agent;
  const isHere = presence !== undefined && presence.status !== 'offline';
  const parts = [
    member.role === 'owner' && <span key="role">{en.details.owner}</span>,
    presence && <span key="presence">{presenceWords(presence)}</span>,
    isHere && presence.device && <span key="device">{en.presence.on[presence.device]}</span>,
    presence && asOf && <span key="age">{en.presence.asOf(shortWhen(asOf))}</span>,
  ].filter(Boolean);
  // A line may break after the dot, not before it.
  return parts.flatMap((part, place) => (place === 0 ? [part] : ['\u00a0· ', part]));
}

function MemberMenu({
  session,
  member,
  canOwn,
}: {
  session: StoredSession;
  member: Member;
  canOwn: boolean;
}) {
  const { outbox } = useChatClient();
  const target = { sessionId: session.id, userId: member.userId };
  const item =
    'flex min-h-11 cursor-pointer items-center rounded-lg px-3 outline-none data-[highlighted]:bg-ink/7 wide:min-h-9';
  const setRole = (role: 'owner' | 'member', handOver?: true) =>
    void outbox.enqueue('session.setRole', { ...target, role, ...(handOver ? { handOver } : {}) });
  // Whoever comes back misses what was said meanwhile, and only the heir gives an ownership back.
  const ifSure = (sentence: string, act: () => void) => () => {
    if (window.confirm(sentence)) act();
  };
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label={en.details.manage(member.name)}>
          <UserCog />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          className="z-50 min-w-52 rounded-xl border border-line bg-surface p-1.5 shadow-soft"
        >
          {canOwn && member.role !== 'owner' && (
            <>
              <DropdownMenu.Item className={item} onSelect={() => setRole('owner')}>
                {en.details.promote}
              </DropdownMenu.Item>
              <DropdownMenu.Item
                className={item}
                onSelect={ifSure(en.details.confirmHandOver(member.name), () => setRole('owner', true))}
              >
                {en.details.handOver}
              </DropdownMenu.Item>
            </>
          )}
          {canOwn && member.role === 'owner' && (
            <DropdownMenu.Item className={item} onSelect={() => setRole('member')}>
              {en.details.demote}
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Item
            className={`${item} text-danger`}
            onSelect={ifSure(en.details.confirmRemove(member.name), () => {
              void outbox.enqueue('session.removeMember', target);
            })}
          >
            {en.details.remove}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
