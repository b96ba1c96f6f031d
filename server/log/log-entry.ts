import type { SessionId, UserId } from '../../protocol/ids.ts';

/** Who is told of an entry: everyone in a session, or one account's own devices. */
export type Audience = { sessionId: SessionId } | { userId: UserId };

/** One committed position of the log, ready to be sent: `payload` is the event as JSON text, serialised once. */
export interface LogEntry {
  pos: number;
  type: string;
  audience: Audience;
  payload: string;
}

/** Told after each commit, in order of `pos`. */
export type OnCommitted = (entries: readonly LogEntry[]) => void;
