import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Asks once more before a message is taken away from everybody. */
export function DeleteSheet({ message, onClose }: { message: MessageRow; onClose(): void }) {
  const { outbox } = useChatClient();
  return (
    <Dialog open onOpenChange={onClose} title={en.message.deleteTitle} closeLabel={en.close}>
      <p className="mb-4 text-soft">{en.message.deleteNote}</p>
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          {en.cancel}
        </Button>
        <Button
          look="danger"
          onClick={() => {
            void outbox.enqueue('message.delete', { messageId: message.id });
            onClose();
          }}
        >
          {en.message.deleteAction}
        </Button>
      </div>
    </Dialog>
  );
}
