import { X } from 'lucide-react';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';

/** How much of a waiting message's files is on the server, and the way to leave it. */
export function UploadProgress({ message }: { message: MessageRow }) {
  const { files, outbox } = useChatClient();
  const progress = useStore(files.progress);
  const { local } = message;
  if (local?.state !== 'queued') return null;
  const total = message.attachments.reduce((sum, file) => sum + file.bytes, 0);
  const isUnderWay = message.attachments.some((file) => file.id in progress);
  const current = message.attachments.findIndex((file) => file.id in progress);
  const before = message.attachments
    .slice(0, Math.max(0, current))
    .reduce((sum, file) => sum + file.bytes, 0);
  const sent = before + (progress[message.attachments[current]?.id ?? ''] ?? 0);
  const percent = Math.min(99, Math.floor((sent / Math.max(1, total)) * 100));
  return (
    <div className="flex items-center gap-2 text-sm">
      <span className="min-w-0 flex-1">
        <span role="status" className="tabular block text-xs">
          {isUnderWay ? en.files.uploading(percent) : en.files.waiting}
        </span>
        <progress
          max={100}
          value={isUnderWay ? percent : 0}
          aria-label={en.files.waiting}
          className="h-1 w-full accent-current"
        />
      </span>
      <IconButton
        label={en.files.cancel}
        className="text-inherit"
        onClick={() => void outbox.discard(local.mutationId)}
      >
        <X />
      </IconButton>
    </div>
  );
}
