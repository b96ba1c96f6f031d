import type { Account } from '../domain/account.ts';

export type SignedInAccount = Account & { expiresAt: Date };

interface Entry {
  account: SignedInAccount;
  /** Milliseconds since the epoch. */
  until: number;
}

/**
 * Who a session cookie belongs to, for a few seconds: a busy client asks many times a second. What ends on this node
 * is dropped at once; what ends on another is noticed by a sweep, or when the entry ends.
 */
export class AccountCache {
  /** By the cookie's value, least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #generation = 0;

  constructor(
    readonly ttlMs = 3_000,
    readonly capacity = 10_000,
  ) {}

  /** Taken before a look-up begins: its result is kept only if nothing was dropped meanwhile. */
  get generation(): number {
    return this.#generation;
  }

  get(cookie: string, now = Date.now()): SignedInAccount | null {
    const entry = this.#entries.get(cookie);
    if (!entry) return null;
    this.#entries.delete(cookie);
    if (entry.until <= now) return null;
    this.#entries.set(cookie, entry);
    return entry.account;
  }

  put(cookie: string, account: SignedInAccount, generation: number, now = Date.now()): void {
    if (generation !== this.#generation) return;
    this.#entries.delete(cookie);
    this.#entries.set(cookie, { account, until: Math.min(now + this.ttlMs, account.expiresAt.getTime()) });
    if (this.#entries.size <= this.capacity) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  /** Whom it remembers; what has run out is thrown away. */
  authSessions(now = Date.now()): string[] {
    const ids = new Set<string>();
    for (const [cookie, { account, until }] of this.#entries) {
      if (until <= now) this.#entries.delete(cookie);
      else ids.add(account.authSessionId);
    }
    return [...ids];
  }

  /**
   * What was just read from the database counts for as long as the next reading takes to come. Nothing that was
   * dropped comes back.
   * @param forMs until then
   */
  renew(living: ReadonlyMap<string, SignedInAccount>, forMs: number, now = Date.now()): void {
    for (const entry of this.#entries.values()) {
      const account = living.get(entry.account.authSessionId);
      if (!account) continue;
      entry.account = account;
      entry.until = Math.min(now + forMs, account.expiresAt.getTime());
    }
  }

  dropAuthSession(authSessionId: string): void {
    this.#drop((account) => account.authSessionId === authSessionId);
  }

  dropUser(userId: string): void {
    this.#drop((account) => account.userId === userId);
  }

  #drop(ended: (account: SignedInAccount) => boolean): void {
    this.#generation += 1;
    for (const [cookie, { account }] of this.#entries) {
      if (ended(account)) this.#entries.delete(cookie);
    }
  }
}
