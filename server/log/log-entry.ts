import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';

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

/**
 * Whether two entries of one position are of two histories. Told by what no later change touches: whom it was for, its
 * kind, and which message it made.
 */
export function isAnother(one: LogEntry, two: LogEntry): boolean {
  if (one.type !== two.type || audienceOf(one) !== audienceOf(two)) return true;
  return one.type === 'message.created' && messageOf(one) !== messageOf(two);
}

const audienceOf = ({ audience }: LogEntry) =>
  'userId' in audience ? `u ${audience.userId}` : `s ${audience.sessionId}`;

/** The payload was built from the event of this type when it was appended. */
const messageOf = ({ payload }: LogEntry) =>
  (JSON.parse(payload) as { message: { id: MessageId } }).message.id;
