import { z } from 'zod';
import { UserId } from '../../protocol/ids.ts';
import { DeviceKind, PresenceStatus } from '../../protocol/shapes.ts';
import type { DeviceState, DeviceStates } from './device-states.ts';

const State = z.object({
  status: PresenceStatus,
  activity: z.string().nullable(),
  kind: DeviceKind.optional().catch(undefined),
  seenAt: z.number(),
  until: z.number().nullable(),
}) satisfies z.ZodType<DeviceState>;

/** A device as the node that heard of it last knows it; null: it is gone. */
export const DeviceChange = z.object({
  userId: UserId,
  deviceId: z.string(),
  state: State.nullable(),
  /** Later than all that its node had heard of this device; an older release says nothing but when it was heard of. */
  stamp: z.number().optional(),
  /** By the clock of its node, as all times of `state` are: clocks of two nodes may be minutes apart. */
  sentAt: z.number().optional(),
});
export type DeviceChange = z.infer<typeof DeviceChange>;

interface Known {
  /** The node that heard of this device last. */
  nodeId: string;
  state: DeviceState;
  /** Of two signs of life the one with the higher stamp is the newer one, whatever the clocks of their nodes say. */
  stamp: number;
  /** When that node last said so. */
  heardAt: number;
}

export interface SharedDeviceStatesOptions {
  nodeId: string;
  /** Tells the other nodes. */
  publish(changes: DeviceChange[]): void;
  /**
   * Devices of this person are gone with a node that is not heard any more, or heard again; nobody else will tell.
   * @param seenAt when they were heard of last
   */
  onSilence(userId: UserId, seenAt: number): void;
  /**
   * What another node said of this person's devices is not what it was; its news of them may have got lost.
   * @param seenAt when a device that is gone was heard of last; null where none is
   */
  onChangedElsewhere(userId: UserId, seenAt: number | null): void;
}

/** How long a node is believed that says nothing more of a device it vouches for; with the beat at which that is looked at, below 30 s. */
const NODE_LASTS_MS = 21_000;
/** After the bus was away, how long nodes have to say again what they vouch for. */
const PARDON_MS = 3_000;
const PER_MESSAGE = 200;
/** Whoever never comes back would be remembered for ever. */
const SILENT_AT_MOST = 10_000;

/**
 * Devices of all nodes, each node holding a copy. Requests of one device may reach any node, so the newest sign of life
 * counts, wherever it was heard. A node repeats what it vouches for; what is not repeated expires (invariant 14).
 */
export class SharedDeviceStates implements DeviceStates {
  #people = new Map<UserId, Map<string, Known>>();
  /**
   * Of whom something was forgotten, for their node was not heard: it may say so again as if nothing had been. The oldest
   * of too many go; should those be heard again, that is told when devices are next compared.
   */
  #silent = new Set<UserId>();
  /** Of whom another node said something new since that was last looked at; when a device that is gone was heard of last. */
  #changed = new Map<UserId, number | null>();
  #pardonedUntil = 0;

  constructor(private readonly options: SharedDeviceStatesOptions) {}

  async put(userId: UserId, deviceId: string, state: DeviceState): Promise<void> {
    const { nodeId } = this.options;
    const known = this.#people.get(userId)?.get(deviceId);
    const stamp = Math.max(state.seenAt, known ? known.stamp + (known.nodeId === nodeId ? 0 : 1) : 0);
    const now = Date.now();
    this.#set(userId, deviceId, { nodeId, state, stamp, heardAt: now });
    this.#silent.delete(userId);
    this.options.publish([{ userId, deviceId, state, stamp, sentAt: now }]);
  }

  async remove(userId: UserId, deviceId: string): Promise<void> {
    // Another node has heard of it since: it is theirs to remove.
    if (this.#people.get(userId)?.get(deviceId)?.nodeId !== this.options.nodeId) return;
    this.#delete(userId, deviceId);
    this.options.publish([{ userId, deviceId, state: null }]);
  }

  async of(userId: UserId): Promise<readonly DeviceState[]> {
    return [...(this.#people.get(userId)?.values() ?? [])].map(({ state }) => state);
  }

  isElsewhere(userId: UserId, deviceId: string): boolean {
    const known = this.#people.get(userId)?.get(deviceId);
    return known !== undefined && known.nodeId !== this.options.nodeId;
  }

  /** What another node says. */
  receive(nodeId: string, changes: readonly DeviceChange[], now = Date.now()): void {
    for (const { userId, deviceId, state: sent, stamp = sent?.seenAt ?? 0, sentAt = now } of changes) {
      const state = sent && byOurClock(sent, now - sentAt);
      const known = this.#people.get(userId)?.get(deviceId);
      if (state === null) {
        if (known?.nodeId !== nodeId) continue;
        this.#delete(userId, deviceId);
        this.#changed.set(userId, known.state.until === null ? known.heardAt : known.state.seenAt);
      } else if (!known || known.nodeId === nodeId || stamp >= known.stamp) {
        if (!known || !isShownAlike(known.state, state, now)) this.#changed.set(userId, null);
        this.#set(userId, deviceId, { nodeId, state, stamp, heardAt: now });
        if (this.#silent.delete(userId)) this.options.onSilence(userId, state.seenAt);
      }
    }
  }

  /** All that this node vouches for. */
  ours(): DeviceChange[] {
    const ours: DeviceChange[] = [];
    const sentAt = Date.now();
    for (const [userId, devices] of this.#people) {
      for (const [deviceId, { nodeId, state, stamp }] of devices)
        if (nodeId === this.options.nodeId) ours.push({ userId, deviceId, state, stamp, sentAt });
    }
    return ours;
  }

  /** Says all of it again, to nodes that are new or have missed something. */
  repeat(): void {
    const ours = this.ours();
    for (let i = 0; i < ours.length; i += PER_MESSAGE) this.options.publish(ours.slice(i, i + PER_MESSAGE));
  }

  /** The bus was away: nobody's silence meant anything, and all of them speak now. */
  pardon(now = Date.now()): void {
    this.#pardonedUntil = now + PARDON_MS;
  }

  /** Makes sure that what other nodes said was told here: the devices of a person and the news of them come apart. */
  compare(): void {
    for (const [userId, seenAt] of this.#changed) this.options.onChangedElsewhere(userId, seenAt);
    this.#changed.clear();
  }

  /** Forgets what nodes said that are no longer heard. */
  expire(now = Date.now()): void {
    if (now < this.#pardonedUntil) return;
    for (const [userId, devices] of this.#people) {
      let seenAt = 0;
      for (const [deviceId, { nodeId, heardAt }] of devices) {
        if (nodeId === this.options.nodeId || heardAt + NODE_LASTS_MS > now) continue;
        devices.delete(deviceId);
        seenAt = Math.max(seenAt, heardAt);
      }
      if (devices.size === 0) this.#people.delete(userId);
      if (seenAt === 0) continue;
      this.#rememberSilent(userId);
      this.options.onSilence(userId, seenAt);
    }
  }

  #rememberSilent(userId: UserId): void {
    this.#silent.delete(userId);
    this.#silent.add(userId);
    if (this.#silent.size <= SILENT_AT_MOST) return;
    for (const oldest of this.#silent) {
      this.#silent.delete(oldest);
      break;
    }
  }

  #set(userId: UserId, deviceId: string, known: Known): void {
    const devices = this.#people.get(userId);
    if (devices) devices.set(deviceId, known);
    else this.#people.set(userId, new Map([[deviceId, known]]));
  }

  #delete(userId: UserId, deviceId: string): void {
    const devices = this.#people.get(userId);
    devices?.delete(deviceId);
    if (devices?.size === 0) this.#people.delete(userId);
  }
}

function byOurClock(state: DeviceState, ahead: number): DeviceState {
  const { seenAt, until } = state;
  return { ...state, seenAt: seenAt + ahead, until: until === null ? null : until + ahead };
}

/** Whether nobody could see the one for the other. */
function isShownAlike(before: DeviceState, after: DeviceState, now: number): boolean {
  const isHere = ({ until }: DeviceState) => until === null || until > now;
  return (
    before.status === after.status &&
    before.activity === after.activity &&
    before.kind === after.kind &&
    isHere(before) === isHere(after)
  );
}
