import { inputs } from '../../protocol/procedures.ts';
import type { Me } from '../../protocol/shapes.ts';
import { withSettings } from '../../protocol/with-settings.ts';

/** Oneself, as an effect sees it. */
export interface MeStore {
  me(): Promise<Me | null>;
  putMe(me: Me): Promise<void>;
}

/** Changes of oneself: name and settings, and whom one has blocked. */
export const meOps = ['me.update', 'people.block'] as const;
export type MeOp = (typeof meOps)[number];
export const isMeOp = (op: string): op is MeOp => meOps.some((known) => known === op);

/**
 * Shows what a queued change of oneself will do.
 * @param known who this is where nothing is stored of it
 * @param personName of somebody who is blocked; without it nobody is shown as such before the server has said so
 */
export async function applyToMe(
  store: MeStore,
  known: Me,
  op: MeOp,
  input: unknown,
  personName?: string,
): Promise<void> {
  const me = (await store.me()) ?? known;
  if (op === 'me.update') {
    const { name, settings, picture } = inputs[op].parse(input);
    return store.putMe({
      ...me,
      name: name ?? me.name,
      settings: withSettings(me.settings, settings),
      picture: picture === undefined ? me.picture : (picture?.id ?? null),
    });
  }
  const { userId, on } = inputs[op].parse(input);
  const others = me.blocked.filter((blocked) => blocked.userId !== userId);
  if (!on) return store.putMe({ ...me, blocked: others });
  if (personName !== undefined)
    await store.putMe({ ...me, blocked: [...others, { userId, name: personName }] });
}
