import type { HeldAnswer } from '../../protocol/held-answer.ts';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Frame } from './frame.ts';

/** Where a stream's frames go: a socket, or an async iterator. */
export interface Sink {
  /** `bytes` is all of `frames`, concatenated. */
  deliver(frames: readonly Frame[], bytes: Buffer): void;
  ping(): void;
  /** Bytes handed over but not yet taken by the network. */
  backlog(): number;
  /** Resolves when the backlog is gone; used after each block of a replay. */
  drained(): Promise<void>;
  /** Closes without a word: the client comes back with its cursor. */
  end(): void;
  /** Closes at once; what was not taken is thrown away. */
  drop(): void;
}

export interface Subscriber {
  userId: UserId;
  authSessionId: string;
  /** When the auth session ends by itself. */
  expiresAt: Date;
  /** All that is listened for, where it is not everything: a removal from another session ends nothing. */
  about?: SessionId;
}

/** One subscription that is live. Only the hub changes it. */
export class Stream {
  readonly sessions = new Set<SessionId>();
  /** Entries up to here came with the replay. */
  skipUpTo = 0;
  closed = false;
  /** Which second of the heartbeat wheel it belongs to. */
  slot = 0;

  constructor(
    readonly subscriber: Subscriber,
    readonly sink: Sink,
    /** What its client says it holds of the answers being written. */
    readonly held: readonly HeldAnswer[] = [],
  ) {}
}
