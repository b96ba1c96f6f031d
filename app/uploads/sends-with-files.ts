import type { MessageId } from '../../protocol/ids.ts';
import type { FileDb } from '../local-db/file-db.ts';

/** Messages that must not go yet, for a file of theirs is not there: everything behind them waits, too (invariant 4). */
export async function messagesWithoutTheirFiles(files: FileDb): Promise<ReadonlySet<MessageId>> {
  // Browsers close databases at will: it is opened anew once. Words must not wait for a store of files that is broken.
  const rows = await files
    .uploads()
    .catch(() => files.uploads())
    .catch(() => []);
  return new Set(rows.filter((row) => row.state === 'waiting').map((row) => row.messageId));
}
