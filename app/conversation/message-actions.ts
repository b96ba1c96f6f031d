import {
  Copy,
  Flag,
  Forward,
  History,
  Info,
  type LucideIcon,
  MessagesSquare,
  Pencil,
  Pin,
  PinOff,
  Reply,
  Star,
  StarOff,
  Trash2,
} from 'lucide-react';
import type { ChatSession, Me } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import type { ChatClient } from '../sync/chat-client.ts';
import { toast } from '../ui/toast.ts';

/** The sheets that can be opened about a message. */
export type SheetKind = 'actions' | 'emoji' | 'info' | 'history' | 'forward' | 'delete' | 'report';

/** What a message can ask of the screen it is on. */
export interface MessageActions {
  reply(message: MessageRow): void;
  edit(message: MessageRow): void;
  jumpTo(id: MessageRow['id']): void;
  show(kind: SheetKind, message: MessageRow): void;
  openThread(id: MessageRow['id']): void;
}

export const QUICK_EMOJI = ['👍', '❤️', '😂', '🎉', '🙏', '👀'] as const;

export interface MessageAction {
  label: string;
  Icon: LucideIcon;
  isDanger?: boolean;
  run(): void;
}

/** What this person can do with a message, in the order of menus. */
export function actionsOn(
  message: MessageRow,
  {
    session,
    me,
    client,
    actions,
  }: { session: ChatSession; me: Me; client: ChatClient; actions: MessageActions },
): MessageAction[] {
  const { outbox } = client;
  const { id: messageId, local } = message;
  if (local) {
    const cancel = () => void outbox.discard(local.mutationId);
    return [
      ...(message.forwarded
        ? []
        : [{ label: en.message.editAction, Icon: Pencil, run: () => actions.edit(message) }]),
      { label: en.message.cancelQueued, Icon: Trash2, isDanger: true, run: cancel },
    ];
  }
  if (message.deletedAt) return [];
  const isMine = message.userId === me.id;
  const owns = session.members.some((member) => member.userId === me.id && member.role === 'owner');
  const { pinnedAt, starredAt } = message;
  const isWriting = message.turn?.status === 'streaming';
  const list: (MessageAction | false)[] = [
    { label: en.message.reply, Icon: Reply, run: () => actions.reply(message) },
    { label: en.message.openThread, Icon: MessagesSquare, run: () => actions.openThread(messageId) },
    message.content !== '' && { label: en.copy, Icon: Copy, run: () => void copy(message.content) },
    (message.content !== '' || message.attachments.length > 0) &&
      !isWriting && {
        label: en.message.forward,
        Icon: Forward,
        run: () => actions.show('forward', message),
      },
    {
      label: starredAt ? en.message.unstar : en.message.star,
      Icon: starredAt ? StarOff : Star,
      run: () => void outbox.enqueue('message.star', { messageId, on: !starredAt }),
    },
    {
      label: pinnedAt ? en.message.unpin : en.message.pin,
      Icon: pinnedAt ? PinOff : Pin,
      run: () => void outbox.enqueue('message.pin', { messageId, on: !pinnedAt }),
    },
    { label: en.message.info, Icon: Info, run: () => actions.show('info', message) },
    message.editedAt !== null && {
      label: en.message.history,
      Icon: History,
      run: () => actions.show('history', message),
    },
    isMine && { label: en.message.editAction, Icon: Pencil, run: () => actions.edit(message) },
    !isMine &&
      message.role === 'user' && {
        label: en.people.reportMessage,
        Icon: Flag,
        isDanger: true,
        run: () => actions.show('report', message),
      },
    (isMine || owns) &&
      !isWriting && {
        label: en.message.deleteAction,
        Icon: Trash2,
        isDanger: true,
        run: () => actions.show('delete', message),
      },
  ];
  return list.filter((action): action is MessageAction => action !== false);
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toast.success(en.copied);
}
