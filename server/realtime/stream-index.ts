import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Stream } from './stream.ts';

/** Which streams are open, and who of them is in which session. Follows the log; only the hub changes it. */
export class StreamIndex {
  #bySession = new Map<SessionId, Set<Stream>>();
  #byAccount = new Map<UserId, Set<Stream>>();

  in(sessionId: SessionId): ReadonlySet<Stream> {
    return this.#bySession.get(sessionId) ?? NOBODY;
  }

  of(userId: UserId): ReadonlySet<Stream> {
    return this.#byAccount.get(userId) ?? NOBODY;
  }

  *all(): Iterable<Stream> {
    for (const streams of this.#byAccount.values()) yield* streams;
  }

  /** Of sessions with more streams than `atMost`, nobody. */
  accountsIn(sessions: Iterable<SessionId>, atMost: number): Set<UserId> {
    const accounts = new Set<UserId>();
    for (const sessionId of sessions) {
      const streams = this.in(sessionId);
      if (streams.size > atMost) continue;
      for (const stream of streams) accounts.add(stream.subscriber.userId);
    }
    return accounts;
  }

  open(stream: Stream, sessions: readonly SessionId[]): void {
    for (const sessionId of sessions) this.enter(stream, sessionId);
    add(this.#byAccount, stream.subscriber.userId, stream);
  }

  /** @returns false when it was not open */
  close(stream: Stream): boolean {
    for (const sessionId of stream.sessions) remove(this.#bySession, sessionId, stream);
    return remove(this.#byAccount, stream.subscriber.userId, stream);
  }

  enter(stream: Stream, sessionId: SessionId): void {
    stream.sessions.add(sessionId);
    add(this.#bySession, sessionId, stream);
  }

  leave(stream: Stream, sessionId: SessionId): void {
    stream.sessions.delete(sessionId);
    remove(this.#bySession, sessionId, stream);
  }
}

const NOBODY: ReadonlySet<Stream> = new Set();

function add<K>(index: Map<K, Set<Stream>>, key: K, stream: Stream): void {
  const streams = index.get(key);
  if (streams) streams.add(stream);
  else index.set(key, new Set([stream]));
}

function remove<K>(index: Map<K, Set<Stream>>, key: K, stream: Stream): boolean {
  const streams = index.get(key);
  const was = streams?.delete(stream) ?? false;
  if (streams?.size === 0) index.delete(key);
  return was;
}
