import { Check, CheckCheck, Clock } from 'lucide-react';
import { statusOf } from '../../protocol/message-status.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';

/** Clock, check, two checks, coloured two checks: how far one's own message got. */
export function StatusMark({ message, members }: { message: MessageRow; members: ChatSession['members'] }) {
  if (message.local) return <Clock role="img" aria-label={en.message.queued} className="h-3.5 w-3.5" />;
  const status = statusOf(message, members);
  if (status === 'stored') return <Check role="img" aria-label={en.message.stored} className="h-4 w-4" />;
  if (status === 'delivered')
    return <CheckCheck role="img" aria-label={en.message.delivered} className="h-4 w-4" />;
  return <CheckCheck role="img" aria-label={en.message.read} className="h-4 w-4 text-read" />;
}
