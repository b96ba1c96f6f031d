import type { Me } from '../../protocol/shapes.ts';
import type { MessageRow, StoredSession } from '../local-db/rows.ts';
import { later } from '../parts/later.tsx';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';
import type { MessageActions, SheetKind } from './message-actions.ts';

const ActionSheet = later(async () => (await import('./action-sheet.tsx')).ActionSheet);
const EmojiSheet = later(async () => (await import('./emoji-sheet.tsx')).EmojiSheet);
const InfoSheet = later(async () => (await import('./info-sheet.tsx')).InfoSheet);
const EditHistory = later(async () => (await import('./edit-history.tsx')).EditHistory);
const ForwardSheet = later(async () => (await import('./forward-sheet.tsx')).ForwardSheet);
const DeleteSheet = later(async () => (await import('./delete-sheet.tsx')).DeleteSheet);
const ReportDialog = later(async () => (await import('../people/report-dialog.tsx')).ReportDialog);

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
    <>
      {sheet.kind === 'actions' && <ActionSheet {...about} actions={actions} />}
      {sheet.kind === 'emoji' && <EmojiSheet {...about} />}
      {sheet.kind === 'info' && <InfoSheet {...about} />}
      {sheet.kind === 'history' && <EditHistory {...about} />}
      {sheet.kind === 'forward' && <ForwardSheet {...about} />}
      {sheet.kind === 'delete' && <DeleteSheet {...about} />}
      {sheet.kind === 'report' && (
        <ReportDialog about={{ userId: message.userId, messageId: message.id, name: '' }} onClose={onClose} />
      )}
    </>
  );
}
