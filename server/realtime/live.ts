import type { EphemeralEvent } from '../../protocol/events.ts';
import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';

/** Whose streams are meant: all of an account, or those of one auth session. */
export type StreamsOf = { userId: UserId } | { authSessionId: string };

/**
 * Telling whoever listens right now. A hub tells the streams of its own node; a cluster those of every node. What is
 * told here may be lost; what must arrive goes through the log.
 */
export interface Live {
  /** To everyone in a session, but for the one it is about. */
  tellSession(sessionId: SessionId, event: EphemeralEvent, except?: UserId | null): void;
  /**
   * An answer is written from its beginning: what was told of it before counts no more.
   * @param claimedAt when its turn was claimed for that, in milliseconds by the database's clock: of two runs the one that
   *   was claimed later counts, wherever and whenever it is heard of
   */
  beginAnswer(sessionId: SessionId, messageId: MessageId, claimedAt: number): void;
  /** More text of an answer. Kept whole until the answer's completion goes through the log. */
  extendAnswer(sessionId: SessionId, messageId: MessageId, text: string): void;
  /** Ends streams; the clients find out why when they ask again. */
  closeStreams(which: StreamsOf): void;
}
