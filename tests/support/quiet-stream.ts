import { UserId } from '../../protocol/ids.ts';
import { type Sink, Stream } from '../../server/realtime/stream.ts';

const nowhere: Sink = {
  deliver: () => {},
  ping: () => {},
  backlog: () => 0,
  drained: () => Promise.resolve(),
  end: () => {},
  drop: () => {},
};
/**
 * A live stream to nowhere, but for what `sink` does.
 * @param expiresAt of its auth session, in milliseconds since the epoch
 */
export function quietStream(sink: Partial<Sink> = {}, expiresAt = 8.64e15): Stream {
  const userId = UserId.parse('01936f5e-7c9b-7d3a-a1b2-0123456789ab');
  const subscriber = { userId, authSessionId: 'one', expiresAt: new Date(expiresAt) };
  return new Stream(subscriber, { ...nowhere, ...sink });
}
