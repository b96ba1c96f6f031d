import { type Fork, type Forks, forkOf, forkWith, isShown, withFork } from '../../protocol/forks.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { MessageRow } from '../local-db/rows.ts';

export interface ShownConversation {
  /** Oldest first; of each question and answer one version, and only what follows it. */
  shown: MessageRow[];
  /** As this device knows them: also what waits here, and answers from before it was kept which version is shown. */
  forks: Forks;
}

const placed = (row: MessageRow) => ({ id: row.id, place: row.sortKey, branch: row.branch });

/**
 * The conversation as it is to be shown.
 * @param rows what is loaded: the newest part, without a hole
 */
export function shownMessages(rows: readonly MessageRow[], stored: Forks): ShownConversation {
  const forks = withLoaded(rows, withUnkept(rows, stored));
  if (Object.keys(forks).length === 0) return { shown: [...rows], forks };
  const begin = rows[0]?.sortKey ?? 0;
  const shown = rows
    .filter((row) => isShown(forks, placed(row)))
    .map((row) => ({ row, fork: forkOf(forks, row.id) }))
    // The question of such an answer is further up than what is loaded.
    .filter(({ fork }) => fork?.kind !== 'answer' || fork.at >= begin)
    .map(({ row, fork }) => ({ row, place: fork?.at ?? row.sortKey }));
  return { shown: shown.sort((a, b) => a.place - b.place).map(({ row }) => row), forks };
}

function withUnkept(rows: readonly MessageRow[], stored: Forks): Forks {
  let forks = stored;
  for (const row of rows) {
    const root = row.branchOf ?? row.turn?.versionOf ?? null;
    if (root === null || row.withdrawn || forkOf(forks, row.id)) continue;
    forks = withFork(forks, added(rows, forks, row, root));
  }
  return forks;
}

/** Of an answer whose shown version is not loaded, the newest that is. */
function withLoaded(rows: readonly MessageRow[], forks: Forks): Forks {
  if (Object.keys(forks).length === 0) return forks;
  const loaded = new Set(rows.map(({ id }) => id));
  let seen = forks;
  for (const fork of Object.values(forks)) {
    const shown = fork.all.findLast((id) => loaded.has(id));
    if (fork.kind === 'answer' && shown && !loaded.has(fork.shown)) seen = withFork(seen, { ...fork, shown });
  }
  return seen;
}

function added(rows: readonly MessageRow[], forks: Forks, row: MessageRow, root: MessageId): Fork {
  const kind = row.branchOf ? 'question' : 'answer';
  const place = rows.find((one) => one.id === root)?.sortKey ?? 0;
  return forkWith(forks, { id: root, place, branch: row.branch, kind }, [], row.id);
}
