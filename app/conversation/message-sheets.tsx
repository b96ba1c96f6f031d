import { lazy, Suspense } from 'react';
import type { Me } from '../../protocol/shapes.ts';
import type { MessageRow, StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { ReportDialog } from '../people/report-dialog.tsx';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ActionSheet } from './action-sheet.tsx';
import type { MessageActions, SheetKind } from './message-actions.ts';

// Fetched when first opened; the service worker has them too.
const EmojiSheet = lazy(() => import('./emoji-sheet.tsx'));
const InfoSheet = lazy(() => import('./info-sheet.tsx'));
const EditHistory = lazy(() => import('./edit-history.tsx'));
const ForwardSheet = lazy(() => import('./forward-sheet.tsx'));

export interface OpenSheet {
  kind: SheetKind;
  message: MessageRow;
}

/** Whatever is open about a message, over the conversation. */
export function MessageSheets({
  sheet,
  session,
  me,
  actions,
  onClose,
}: {
  sheet: OpenSheet | null;
  session: StoredSession;
  me: Me;
  actions: MessageActions;
  onClose(): void;
}) {
  const client = useChatClient();
  const id = sheet?.message.id ?? null;
  const now = useLiveQuery(
    async () => (id === null ? null : client.db.getMessage(id)),
    [`messages:${session.id}`],
    [id],
  );
  if (sheet === null) return null;
  const message = now?.id === sheet.message.id ? now : sheet.message;
  const about = { message, session, me, onClose };
  return (
    <Suspense fallback={null}>
      {sheet.kind === 'actions' && <ActionSheet {...about} actions={actions} />}
      {sheet.kind === 'emoji' && <EmojiSheet {...about} />}
      {sheet.kind === 'info' && <InfoSheet {...about} />}
      {sheet.kind === 'history' && <EditHistory {...about} />}
      {sheet.kind === 'forward' && <ForwardSheet {...about} />}
      {sheet.kind === 'delete' && <DeleteSheet {...about} />}
      {sheet.kind === 'report' && (
        <ReportDialog about={{ userId: message.userId, messageId: message.id, name: '' }} onClose={onClose} />
      )}
    </Suspense>
  );
}

function DeleteSheet({ message, onClose }: { message: MessageRow; onClose(): void }) {
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
