import type { HeldAnswer } from '../../protocol/held-answer.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { accountScope, decodeCursor, encodeCursor, isOwnCursor, sessionScope } from '../log/cursor.ts';
import type { LogReader, ReadAfter } from '../log/log-reader.ts';
import { createFrame, type Frame, joinBytes } from './frame.ts';
import type { Hub } from './hub.ts';
import { type Sink, Stream, type Subscriber } from './stream.ts';

/** One block of a replay: what a stream that does not read can make us hold. */
const ROWS_PER_READ = 10_000;
const BYTES_PER_READ = 2_097_152;
const PRESENT = Number.MAX_SAFE_INTEGER;

/**
 * Replays what the cursor has not seen, then goes live without a gap: the last read says up to where it is true, and
 * the hub hands over everything after that (invariants 7 and 9).
 * @param cursor null starts at the present
 * @param held answers being written of which the client holds the beginning
 * @returns the live stream; already detached if the sink ended meanwhile
 */
export async function openStream(
  hub: Hub,
  log: LogReader,
  subscriber: Subscriber,
  cursor: string | null,
  sink: Sink,
  isGone: () => boolean,
  held: readonly HeldAnswer[] = [],
): Promise<Stream> {
  const stream = new Stream(subscriber, sink, held);
  hub.setReplaying(stream, true);
  try {
    if (!(await replay(hub, log, stream, cursor, () => isGone() || stream.closed))) stream.closed = true;
  } finally {
    hub.setReplaying(stream, false);
  }
  return stream;
}

/** @returns whether the stream is live */
async function replay(
  hub: Hub,
  log: LogReader,
  stream: Stream,
  cursor: string | null,
  isOver: () => boolean,
): Promise<boolean> {
  const { subscriber, sink } = stream;
  const { userId } = subscriber;
  const place = cursor === null ? null : decodeCursor(cursor);
  if (place) {
    // What this account was told is written on another node comes before `caught-up` here, too.
    await hub.knowsThePresent();
    if (!isOver() && hub.resume(stream, place)) return true;
  }
  let after = place?.pos ?? PRESENT;
  let doubt = cursor;
  while (!isOver()) {
    const found = await log.after(userId, after, ROWS_PER_READ, BYTES_PER_READ);
    if (isOver()) return false;
    if (doubt !== null) {
      const reason = whyNotServed(doubt, found, subscriber);
      doubt = null;
      if (reason) {
        const at = encodeCursor(found.epoch, found.headPos, accountScope(userId));
        const frame = createFrame(JSON.stringify({ type: 'resync', reason }), at);
        sink.deliver([frame], frame.bytes);
        after = PRESENT;
        continue;
      }
    }
    const frames = after === PRESENT ? [] : framesOf(found, subscriber);
    if (frames.length > 0) {
      sink.deliver(frames, joinBytes(frames));
      hub.replayed(frames.length);
      // Nothing comes on top of a block that was not taken: neither the next one, nor what is live.
      await sink.drained();
    }
    const active = found.memberships.filter((m) => m.leftPos === null).map((m) => m.sessionId as SessionId);
    if (found.complete && !isOver() && hub.attach(stream, found.headPos, active)) return true;
    after = found.complete ? found.headPos : (found.rows.at(-1)?.pos ?? found.headPos);
  }
  return false;
}

function whyNotServed(text: string, found: ReadAfter, subscriber: Subscriber): string | null {
  const cursor = decodeCursor(text);
  if (!cursor) return 'This cursor is not one of ours.';
  if (cursor.epoch !== found.epoch) return 'This cursor belongs to another database.';
  if (cursor.pos > found.headPos) return 'This cursor is ahead of the log.';
  if (!isOwnCursor(cursor, subscriber.userId, found.memberships))
    return 'This cursor belongs to another account.';
  return null;
}

function framesOf(found: ReadAfter, subscriber: Subscriber): Frame[] {
  return found.rows.map((row) => {
    const scope = row.sessionId === null ? accountScope(subscriber.userId) : sessionScope(row.sessionId);
    return createFrame(row.payload, encodeCursor(found.epoch, row.pos, scope));
  });
}
