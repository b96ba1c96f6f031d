import type { z } from 'zod';
import type { Settings, SettingsChange } from './shapes.ts';

/** Settings after a change: whatever it does not name stays as it was, within privacy and notifications as well. */
export function withSettings(before: Settings, change: z.output<typeof SettingsChange> = {}): Settings {
  const { privacy, notifications, ...rest } = change;
  return {
    ...before,
    ...named(rest),
    privacy: { ...before.privacy, ...named(privacy) },
    notifications: { ...before.notifications, ...named(notifications) },
  };
}

/** A setting that is named without a value stays. */
const named = <T extends object>(settings: T | undefined) =>
  Object.fromEntries(Object.entries(settings ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  }; // nothing else is left
