import type { LocalDb } from '../local-db/local-db.ts';

/** Why this device keeps nothing more: no room, a newer version of the app, or no storage at all. */
export type NotStoredReason = 'full' | 'outdated' | 'closed';

/** Could not be stored on this device; the text must stay where it was written (invariant 19). */
export class NotStored extends Error {
  override readonly name = 'NotStored';

  constructor(
    readonly reason: NotStoredReason,
    cause: unknown,
  ) {
    super(`This device could not store the change (${reason}).`, { cause });
  }

  static because(error: unknown, db: LocalDb): NotStored {
    const name = error instanceof DOMException ? error.name : '';
    if (name === 'QuotaExceededError') return new NotStored('full', error);
    const isOutdated = name === 'VersionError' || db.condition === 'outdated';
    return new NotStored(isOutdated ? 'outdated' : 'closed', error);
  }
}
