import {
  Archive,
  ArchiveRestore,
  Bell,
  BellOff,
  type LucideIcon,
  Mail,
  MailOpen,
  Pin,
  PinOff,
} from 'lucide-react';
import type { SessionRow, StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import type { ChatClient } from '../sync/chat-client.ts';
import { isMuted } from './muted.ts';

const HOUR_MS = 3_600_000;
/** Far enough to be for ever. */
const EVER = '9999-12-31T00:00:00.000Z';

export interface SessionAction {
  label: string;
  Icon: LucideIcon;
  run(): void;
}

/** What one can make of a conversation for oneself. */
export function sessionActions(
  client: ChatClient,
  row: StoredSession & Partial<SessionRow>,
): SessionAction[] {
  const { id: sessionId, mine } = row;
  const make = (change: {
    pinned?: boolean;
    archived?: boolean;
    markedUnread?: boolean;
    mutedUntil?: string | null;
  }) => void client.outbox.enqueue('session.mine', { sessionId, ...change });
  const mute = (hours: number | null) => () =>
    make({ mutedUntil: hours === null ? EVER : new Date(Date.now() + hours * HOUR_MS).toISOString() });
  const isUnread = mine.markedUnread || (row.unread ?? 0) > 0;
  const read = () => {
    if (mine.markedUnread) make({ markedUnread: false });
    void client.markRead(sessionId, row.lastSeq);
  };
  return [
    mine.pinnedAt
      ? { label: en.mine.unpin, Icon: PinOff, run: () => make({ pinned: false }) }
      : { label: en.mine.pin, Icon: Pin, run: () => make({ pinned: true }) },
    isUnread
      ? { label: en.mine.markRead, Icon: MailOpen, run: read }
      : { label: en.mine.markUnread, Icon: Mail, run: () => make({ markedUnread: true }) },
    ...(isMuted(mine)
      ? [{ label: en.mine.unmute, Icon: Bell, run: () => make({ mutedUntil: null }) }]
      : [
          { label: en.mine.muteHours(8), Icon: BellOff, run: mute(8) },
          { label: en.mine.muteWeek, Icon: BellOff, run: mute(168) },
          { label: en.mine.mute, Icon: BellOff, run: mute(null) },
        ]),
    mine.archivedAt
      ? { label: en.mine.unarchive, Icon: ArchiveRestore, run: () => make({ archived: false }) }
      : { label: en.mine.archive, Icon: Archive, run: () => make({ archived: true }) },
  ];
}
