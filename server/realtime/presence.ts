import { AGENT_ID, type SessionId, type UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { DeviceKind, Presence, PresenceStatus } from '../../protocol/shapes.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { type DeviceState, type DeviceStates, type Union, unionOf } from './device-states.ts';
import { nothingOf, type PresenceNews } from './presence-news.ts';

/** Where presence survives a restart. */
export interface PresenceStore {
  save(
    userId: UserId,
    state: { status: PresenceStatus; activity: string | null; lastSeen: Date },
  ): Promise<void>;
  load(userIds: readonly UserId[]): Promise<Map<UserId, { activity: string | null; lastSeen: Date }>>;
}

/** What presence must know of people; asked only when there is something to tell. */
export interface PresencePeople {
  sessionsOf(userId: UserId): Promise<readonly SessionId[]>;
  /** Of those named, the ones who do not let others see whether they are here. */
  hidden(userIds: readonly UserId[]): Promise<ReadonlySet<UserId>>;
}

export interface PresenceOptions {
  /** Tells whoever listens, on whichever node. */
  tell(news: PresenceNews): void;
  /** Tells whoever listens on this node. */
  tellHere(news: PresenceNews): void;
  devices: DeviceStates;
  store: PresenceStore;
  people: PresencePeople;
  onError(error: unknown): void;
  /** A page that reloads is gone for a moment only; nobody should see it flicker. */
  leaveAfterMs?: number;
}

/** A device as the node that it talks to knows it. */
interface Device {
  state: DeviceState;
  streams: number;
  /** When it promised to call again after each call; null when it never did. */
  nextInMs: number | null;
  timer: NodeJS.Timeout | null;
}

/** How often "last seen" is stored of somebody who stays, so that a crash of the server does not age it by hours. */
const SAVE_EVERY_MS = 300_000;
/** Timers may fire a little before their time. */
const TIMER_EARLY_MS = 5;

/**
 * Who is here: the union over a person's devices (invariant 14). A device is here while its stream is open; one that
 * promises when it will call again is believed for that long only, so that a hard kill shows within 30 s although
 * nobody closed its connection.
 */
export class PresenceBoard {
  #devices = new Map<string, Device>();
  /** What others were told last of those who are here. */
  #told = new Map<UserId, { text: string; isHidden: boolean; savedAt: number }>();
  /** One change of a person after the other. */
  #work = new Map<UserId, Promise<void>>();
  readonly #leaveAfterMs: number;
  #closed = false;

  constructor(private readonly options: PresenceOptions) {
    this.#leaveAfterMs = options.leaveAfterMs ?? 5_000;
  }

  /** A stream of this device opened. */
  connected(userId: UserId, deviceId: string): void {
    const device = this.#of(userId, deviceId);
    device.streams += 1;
    if (device.state.status === 'offline') device.state.status = 'online';
    this.#alive(userId, deviceId, device);
  }

  /** A stream of this device closed; it is gone once none is left. */
  disconnected(userId: UserId, deviceId: string): void {
    const device = this.#of(userId, deviceId);
    device.streams = Math.max(0, device.streams - 1);
    if (device.streams > 0) return;
    if (this.options.devices.isElsewhere(userId, deviceId)) {
      // It moved to another node, which speaks for it now.
      if (device.timer) clearTimeout(device.timer);
      this.#devices.delete(keyOf(userId, deviceId));
      return;
    }
    const now = Date.now();
    const { until } = device.state;
    // Whoever broke a promise was gone before its connection was.
    if (until === null || until > now) device.state.seenAt = now;
    this.#believe(
      userId,
      deviceId,
      device,
      Math.min(until ?? now + this.#leaveAfterMs, now + this.#leaveAfterMs),
    );
  }

  /** What a device says of itself, and when it will call again at the latest, if it promises that. */
  say(
    userId: UserId,
    deviceId: string,
    said: { status: PresenceStatus; activity?: string | null; device?: DeviceKind; nextInMs?: number },
  ): void {
    const device = this.#of(userId, deviceId);
    device.nextInMs = said.nextInMs ?? null;
    const { status, activity = null, device: kind } = said;
    device.state = { ...device.state, status, activity, kind };
    this.#alive(userId, deviceId, device);
  }

  /** Whoever shows or hides their presence is told of anew. */
  follow(entries: readonly LogEntry[]): void {
    for (const { type, audience } of entries)
      if (type === 'me.updated' && 'userId' in audience) this.#settingsChanged(audience.userId);
  }

  /** Another node told everyone: what was told last is that. */
  toldElsewhere({ presence, isHidden }: PresenceNews): void {
    const { userId } = presence;
    if (presence.status === 'offline') this.#told.delete(userId);
    else
      this.#told.set(userId, {
        text: textOf({ ...presence, kind: presence.device }),
        isHidden,
        savedAt: Date.now(),
      });
  }

  /**
   * What is known here of devices on other nodes changed, and nobody else may tell the people here: the news got lost, or
   * that node is not heard any more since `seenAt`. It is nothing to tell other nodes, which may hear it.
   */
  changedElsewhere(userId: UserId, seenAt: number | null = null): void {
    this.#inTurn(userId, () => this.#tellIfChanged(userId, { seenAt, isElsewhere: true }));
  }

  /** Others as `asking` may see them. */
  async get(userIds: readonly UserId[], asking: UserId): Promise<Presence[]> {
    const { devices, store, people } = this.options;
    const hidden = await people.hidden(userIds);
    const now = Date.now();
    const unions = new Map<UserId, Union>();
    for (const userId of userIds) unions.set(userId, unionOf(await devices.of(userId), now));
    const stored = await store.load(userIds.filter((id) => unions.get(id)?.seenAt === null));
    return userIds.map((userId) => {
      if (userId === AGENT_ID)
        return { userId, status: 'online', lastSeen: new Date(now).toISOString(), activity: null };
      if (hidden.has(userId) && userId !== asking) return nothingOf(userId);
      const union = unions.get(userId) ?? unionOf([], now);
      const seenAt = union.seenAt ?? stored.get(userId)?.lastSeen.getTime() ?? null;
      return presenceOf(userId, { ...union, seenAt });
    });
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#devices.values()) if (timer) clearTimeout(timer);
  }

  #alive(userId: UserId, deviceId: string, device: Device): void {
    const now = Date.now();
    device.state.seenAt = now;
    const { nextInMs, streams } = device;
    // Someone without a stream (a script, a page about to open one) is believed only for a while.
    if (nextInMs === null && streams > 0) this.#believe(userId, deviceId, device, null);
    else {
      const forMs = nextInMs === null ? limits.presenceExpiresMs : nextInMs * 1.5;
      this.#believe(userId, deviceId, device, now + Math.min(limits.presenceExpiresMs, forMs));
    }
  }

  #believe(userId: UserId, deviceId: string, device: Device, until: number | null): void {
    if (this.#closed) return;
    if (device.timer) clearTimeout(device.timer);
    device.timer = null;
    device.state = { ...device.state, until };
    const { devices } = this.options;
    this.#reconsider(userId, () => devices.put(userId, deviceId, device.state));
    if (until === null) return;
    device.timer = setTimeout(
      () => this.#expire(userId, deviceId, device),
      until - Date.now() + TIMER_EARLY_MS,
    ).unref();
  }

  /** A stream may still be open, half of it at least: its device stays known, as one that is not here. */
  #expire(userId: UserId, deviceId: string, device: Device): void {
    const { devices } = this.options;
    device.timer = null;
    if (device.streams > 0) {
      this.#reconsider(userId);
      return;
    }
    this.#devices.delete(keyOf(userId, deviceId));
    this.#reconsider(userId, undefined, () => devices.remove(userId, deviceId));
  }

  #reconsider(userId: UserId, before?: () => Promise<void>, after?: () => Promise<void>): void {
    this.#inTurn(userId, async () => {
      await before?.();
      await this.#tellIfChanged(userId);
      await after?.();
    });
  }

  #inTurn(userId: UserId, task: () => Promise<void>): void {
    const earlier = this.#work.get(userId) ?? Promise.resolve();
    const work = earlier
      .then(task)
      .catch(this.options.onError)
      .finally(() => {
        if (this.#work.get(userId) === work) this.#work.delete(userId);
      });
    this.#work.set(userId, work);
  }

  #settingsChanged(userId: UserId): void {
    const told = this.#told.get(userId);
    if (!told) return;
    this.#reconsider(userId, async () => {
      const isHidden = (await this.options.people.hidden([userId])).has(userId);
      if (isHidden !== told.isHidden) told.text = '';
    });
  }

  /** Costs nothing but a look at the devices when all is as it was, as with nearly every call. */
  async #tellIfChanged(
    userId: UserId,
    { seenAt = null, isElsewhere = false }: { seenAt?: number | null; isElsewhere?: boolean } = {},
  ): Promise<void> {
    if (this.#closed) return;
    const { devices, store, tell, tellHere } = this.options;
    const now = Date.now();
    const found = unionOf(await devices.of(userId), now);
    const union = { ...found, seenAt: found.seenAt ?? seenAt };
    const isHere = union.status !== 'offline';
    const text = textOf(union);
    const before = this.#told.get(userId);
    const isNews = before ? before.text !== text : isHere;
    if (!isNews && !(before && now - before.savedAt > SAVE_EVERY_MS)) return;
    const isHidden = isNews
      ? await this.#tell(userId, union, isElsewhere ? tellHere : tell)
      : (before?.isHidden ?? false);
    if (isHere) this.#told.set(userId, { text, isHidden, savedAt: now });
    else this.#told.delete(userId);
    if (isElsewhere && seenAt === null) return;
    const lastSeen = new Date(union.seenAt ?? now);
    await store.save(userId, { status: union.status, activity: union.activity, lastSeen });
  }

  async #tell(userId: UserId, union: Union, tell: PresenceOptions['tell']): Promise<boolean> {
    const { people } = this.options;
    const isHidden = (await people.hidden([userId])).has(userId);
    const sessions = [...(await people.sessionsOf(userId))];
    tell({ presence: presenceOf(userId, union), isHidden, sessions });
    return isHidden;
  }

  #of(userId: UserId, deviceId: string): Device {
    const key = keyOf(userId, deviceId);
    let device = this.#devices.get(key);
    if (!device) {
      const state: DeviceState = { status: 'online', activity: null, seenAt: Date.now(), until: null };
      device = { state, streams: 0, nextInMs: null, timer: null };
      this.#devices.set(key, device);
    }
    return device;
  }
}

const keyOf = (userId: UserId, deviceId: string) => `${userId} ${deviceId}`;

function presenceOf(userId: UserId, { status, activity, kind, seenAt }: Union): Presence {
  const lastSeen = seenAt === null ? null : new Date(seenAt).toISOString();
  return { userId, status, activity, lastSeen, ...(kind ? { device: kind } : {}) };
}

const textOf = ({ status, activity, kind }: Pick<Presence, 'status' | 'activity'> & Pick<Union, 'kind'>) =>
  `${status} ${kind ?? ''} ${activity ?? ''}`;
