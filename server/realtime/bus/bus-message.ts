import { z } from 'zod';
import { EphemeralEvent } from '../../../protocol/events.ts';
import { MessageId, SessionId, UserId } from '../../../protocol/ids.ts';
import { PresenceNews } from '../presence-news.ts';
import { DeviceChange } from '../shared-device-states.ts';

const Entry = z.object({
  pos: z.number().int(),
  type: z.string(),
  audience: z.union([z.object({ sessionId: SessionId }), z.object({ userId: UserId })]),
  payload: z.string(),
});

/** What nodes tell each other. Any of it may be lost: each kind says what makes up for it. */
export const BusMessage = z.discriminatedUnion('kind', [
  /** The log went on to `pos`; what was committed comes along while it is small. Lost: a slow poll finds out. */
  z.object({ kind: z.literal('committed'), pos: z.number().int(), entries: z.array(Entry) }),
  /** Lost: it would have expired by itself. */
  z.object({
    kind: z.literal('session'),
    sessionId: SessionId,
    event: EphemeralEvent,
    except: UserId.nullable(),
  }),
  /**
   * A piece of an answer, at its offset in the text of one `run`; a run begins with an empty piece. Runs are UUIDv7 of the
   * time at which the database says that their turn was claimed (an older release took its node's clock): the later one
   * counts. Lost: the next piece does not fit, and the whole text is asked for.
   */
  z.object({
    kind: z.literal('answer'),
    run: z.string(),
    sessionId: SessionId,
    messageId: MessageId,
    offset: z.number().int().nonnegative(),
    text: z.string(),
  }),
  /** Lost: the wish stands in the turn's row, which its writer reads at every checkpoint. */
  z.object({ kind: z.literal('stop'), messageId: MessageId }),
  /** Lost: the sweep closes what belongs to an ended auth session. */
  z.object({
    kind: z.literal('close'),
    which: z.union([z.object({ userId: UserId }), z.object({ authSessionId: z.string() })]),
  }),
  /** What a node knows of devices. Lost: it is repeated. */
  z.object({ kind: z.literal('devices'), nodeId: z.string(), changes: z.array(DeviceChange) }),
  /** Lost: every node compares what it told with the devices that it knows of. */
  z.object({ kind: z.literal('presence'), news: PresenceNews }),
  /** "I missed things": whoever writes an answer, or holds people's streams, says so again. */
  z.object({ kind: z.literal('hello') }),
]);
export type BusMessage = z.infer<typeof BusMessage>;
