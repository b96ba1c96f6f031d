import { type FormEvent, useState } from 'react';
import type { MessageId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { toast } from '../ui/toast.ts';

export interface Reported {
  name: string;
  userId: UserId;
  /** Of this message of theirs, not of the person as such. */
  messageId?: MessageId;
}

/** Tells the staff what is wrong with a message or a person. */
export function ReportDialog({ about, onClose }: { about: Reported | null; onClose(): void }) {
  const client = useChatClient();
  const [reason, setReason] = useState('');

  async function send(event: FormEvent) {
    event.preventDefault();
    if (!about || reason.trim() === '') return;
    const { userId, messageId } = about;
    await client.outbox.enqueue('people.report', {
      reason: reason.trim(),
      ...(messageId ? { messageId } : { userId }),
    });
    setReason('');
    toast.success(en.people.reported);
    onClose();
  }

  return (
    <Dialog
      open={about !== null}
      onOpenChange={(open) => !open && onClose()}
      title={about?.messageId ? en.people.reportMessage : en.people.reportPerson(about?.name ?? '')}
      closeLabel={en.close}
    >
      <form onSubmit={(event) => void send(event)} className="grid gap-3">
        <label className="grid gap-1 text-sm font-medium">
          {en.people.reason}
          <textarea
            required
            rows={4}
            maxLength={limits.reasonLength}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            className="rounded-control border border-line bg-surface p-3 text-base font-normal text-ink"
          />
        </label>
        <p className="text-sm text-soft">{en.people.reportNote}</p>
        <Button type="submit" look="primary">
          {en.people.report}
        </Button>
      </form>
    </Dialog>
  );
}
