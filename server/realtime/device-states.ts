import type { UserId } from '../../protocol/ids.ts';
import type { DeviceKind, PresenceStatus } from '../../protocol/shapes.ts';

/** What one device of a person last said of itself. Times are milliseconds since 1970. */
export interface DeviceState {
  status: PresenceStatus;
  activity: string | null;
  /** Absent where it does not say. */
  kind?: DeviceKind | undefined;
  /** Its last sign of life. */
  seenAt: number;
  /** From then on it is not believed any more; null while its open stream vouches for it. */
  until: number | null;
}

/** Every person's devices, wherever they are connected: all that presence asks of whoever keeps them. */
export interface DeviceStates {
  put(userId: UserId, deviceId: string, state: DeviceState): Promise<void>;
  remove(userId: UserId, deviceId: string): Promise<void>;
  of(userId: UserId): Promise<readonly DeviceState[]>;
  /** Whether another node has heard of this device since this one did. */
  isElsewhere(userId: UserId, deviceId: string): boolean;
}

export interface Union {
  status: PresenceStatus;
  activity: string | null;
  /** Of the device that counts. */
  kind?: DeviceKind | undefined;
  /** Null: there is no device, and nothing is known here. */
  seenAt: number | null;
}

const ranks: Record<PresenceStatus, number> = { busy: 3, online: 2, away: 1, offline: 0 };

/** Busy on one device is busy; otherwise the most present device counts (invariant 14). */
export function unionOf(devices: readonly DeviceState[], now: number): Union {
  const union: Union = { status: 'offline', activity: null, seenAt: null };
  for (const device of devices) {
    const isHere = device.until === null || device.until > now;
    const seenAt = isHere && device.until === null ? now : device.seenAt;
    union.seenAt = Math.max(union.seenAt ?? 0, seenAt);
    if (!isHere || ranks[device.status] <= ranks[union.status]) continue;
    union.status = device.status;
    union.activity = device.activity;
    union.kind = device.kind;
  }
  return union;
}
