import type { SessionId, UserId } from '../../protocol/ids.ts';

/** In which sessions an account was as of a position of the log. */
export interface KnownMemberships {
  sessions: readonly SessionId[];
  pos: number;
}

/** Memberships of accounts whose last stream has closed, for those that come straight back. */
export class DepartedAccounts {
  /** Who left last stands last. */
  #byAccount = new Map<UserId, KnownMemberships>();
  #sessions = 0;

  /** @param sessionsAtMost of all accounts together: what bounds the memory */
  constructor(private readonly sessionsAtMost: number) {}

  remember(userId: UserId, known: KnownMemberships): void {
    this.forget(userId);
    this.#byAccount.set(userId, known);
    this.#sessions += weightOf(known);
    for (const oldest of this.#byAccount.keys()) {
      if (this.#sessions <= this.sessionsAtMost) return;
      this.forget(oldest);
    }
  }

  of(userId: UserId): KnownMemberships | null {
    return this.#byAccount.get(userId) ?? null;
  }

  forget(userId: UserId): void {
    const known = this.#byAccount.get(userId);
    if (!known) return;
    this.#byAccount.delete(userId);
    this.#sessions -= weightOf(known);
  }
}

/** An account without sessions takes room, too. */
const weightOf = ({ sessions }: KnownMemberships) => sessions.length + 1;
