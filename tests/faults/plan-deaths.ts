import { failpoints, type PlannedDeath } from '../../server/failpoints.ts';
import { createRandom } from './random.ts';

/** The failpoints that a schedule names: how its server dies, one death for each of its lives. */
export function planDeaths(seed: number): PlannedDeath[] {
  const random = createRandom(seed).fork('deaths');
  return Array.from({ length: random.between(1, 3) }, () => ({
    place: random.pick(failpoints),
    hit: random.between(1, 12),
  }));
}
