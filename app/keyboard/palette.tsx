import { useNavigate } from '@remix-run/react';
import { Command } from 'cmdk';
import { CircleMinus, HelpCircle, type LucideIcon, MessageSquare, Plus, Settings, Star } from 'lucide-react';
import { newSessionId } from '../../protocol/ids.ts';
import { faceOf } from '../inbox/describe-session.ts';
import { en } from '../messages/en.ts';
import { Portrait } from '../people/portrait.tsx';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';

/** Anywhere and anything by typing a few letters of it. */
export function Palette({ onClose, onHelp }: { onClose(): void; onHelp(): void }) {
  const client = useChatClient();
  const me = useStore(client.me);
  const navigate = useNavigate();
  const rows = useLiveQuery(
    async () =>
      (await Promise.all([client.db.listSessions(), client.db.listSessions({ archived: true })])).flat(),
    ['sessions'],
    [],
  );
  const go = (to: string) => {
    onClose();
    navigate(to);
  };
  const ask = async () => {
    const id = newSessionId();
    await client.outbox.enqueue('session.create', { id });
    go(`/chat/${id}`);
  };
  const turnBusy = async () => {
    await client.outbox.enqueue('me.update', { settings: { busy: !me.settings.busy } });
    onClose();
  };
  const commands: [string, LucideIcon, () => void][] = [
    [en.palette.ask, MessageSquare, () => void ask()],
    [en.list.new, Plus, () => go('/chat?new')],
    [en.starred.title, Star, () => go('/chat/starred')],
    [
      me.settings.busy ? `${en.presence.end} ${en.presence.beingBusy}` : en.presence.becomeBusy,
      CircleMinus,
      () => void turnBusy(),
    ],
    [en.settings.title, Settings, () => go('/chat/settings')],
    [en.keys.title, HelpCircle, onHelp],
  ];
  const item =
    'flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 data-[selected=true]:bg-ink/7 wide:min-h-9';
  return (
    <Command.Dialog
      open
      onOpenChange={onClose}
      label={en.palette.label}
      overlayClassName="fixed inset-0 z-40 bg-scrim"
      contentClassName="fixed inset-x-3 top-[12dvh] z-50 mx-auto max-w-[560px] overflow-hidden rounded-2xl border border-line bg-paper text-ink shadow-soft"
    >
      <Command.Input
        placeholder={en.palette.placeholder}
        className="min-h-12 w-full border-b border-line bg-transparent px-4 outline-none placeholder:text-faint"
      />
      <Command.List className="max-h-[50dvh] overflow-y-auto p-2 [&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-faint">
        <Command.Empty className="p-6 text-center text-sm text-soft">{en.list.noMatch}</Command.Empty>
        <Command.Group heading={en.palette.go}>
          {rows?.map((row) => {
            const face = faceOf(row, me.id);
            return (
              <Command.Item
                key={row.id}
                value={`${face.title} ${row.id}`}
                className={item}
                onSelect={() => go(`/chat/${row.id}`)}
              >
                <Portrait
                  name={face.title}
                  colourKey={face.colourKey}
                  picture={face.picture}
                  isAgent={face.isAgent}
                  size={28}
                />
                <span className="truncate">{face.title}</span>
              </Command.Item>
            );
          })}
        </Command.Group>
        <Command.Group heading={en.palette.do}>
          {commands.map(([label, Icon, run]) => (
            <Command.Item key={label} value={label} className={item} onSelect={run}>
              <Icon className="h-5 w-5 text-soft" /> {label}
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  );
}
