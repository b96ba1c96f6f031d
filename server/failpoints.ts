/**
 * Named places at which a server under test dies as in a power cut, so that a schedule of faults can be run again
 * exactly (tests/faults/README.md). They are reached in this order on a write's way:
 * `before-commit`, `before-fan-out` (committed, nobody told), `before-acknowledgement` (handed to the streams, its sender
 * not told); `mid-replay` (part of what a cursor missed is out), `mid-answer` (a piece of an answer is out).
 */
export const failpoints = [
  'before-commit',
  'before-fan-out',
  'before-acknowledgement',
  'mid-replay',
  'mid-answer',
] as const;
export type Failpoint = (typeof failpoints)[number];

/** The process dies when it passes `place` for the `hit`-th time. */
export interface PlannedDeath {
  place: Failpoint;
  hit: number;
}

/** What to call at each place; does nothing where no death is planned. */
export function createFailpoints(
  plan: readonly PlannedDeath[],
  die: () => unknown = () => process.kill(process.pid, 'SIGKILL'),
): (place: Failpoint) => void {
  const passed = new Map<Failpoint, number>();
  return (place) => {
    const times = (passed.get(place) ?? 0) + 1;
    passed.set(place, times);
    if (plan.some((death) => death.place === place && death.hit === times)) die();
  };
}
