import type { AttachmentId } from '../../protocol/ids.ts';
import { neededBytesSql } from '../store/attachment-sql.ts';
import type { DomainDeps } from './deps.ts';

interface Stored {
  id: string;
  bytesId: string | null;
}

/** Under which id the bytes of a file lie: a forwarded one has none of its own. */
export function bytesOf({ id, bytesId }: Stored): AttachmentId {
  return (bytesId ?? id) as AttachmentId; // both are written through its schema
}

/** Which of these bytes are those of a file that is still there, under whatever id. */
export async function neededBytes(
  { database }: Pick<DomainDeps, 'database'>,
  ids: readonly string[],
): Promise<Set<string>> {
  return new Set(await neededBytesSql(database.pool, ids));
}

/**
 * Removes the bytes of files whose rows are gone for good, except those that were forwarded and are another's too. Once
 * no row names them none ever will: a file is only forwarded from a row.
 */
export async function removeBytes(
  deps: Pick<DomainDeps, 'database' | 'uploads'>,
  gone: readonly Stored[],
): Promise<void> {
  const ids = [...new Set(gone.map(bytesOf))];
  if (ids.length === 0) return;
  const needed = await neededBytes(deps, ids);
  await deps.uploads.remove(ids.filter((id) => !needed.has(id)));
}
