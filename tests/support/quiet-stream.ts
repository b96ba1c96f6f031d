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
const nobody = {
  userId: UserId.parse('01936f5e-7c9b-7d3a-a1b2-0123456789ab'),
  authSessionId: 'one',
  expiresAt: new Date(8.64e15),
};

/** A live stream to nowhere, for what asks only that there is one. */
export const quietStream = () => new Stream(nobody, nowhere);
