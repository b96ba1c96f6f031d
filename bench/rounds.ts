import { type Figure, figureOf } from './row.ts';

export interface Contestant {
  name: string;
  /** One round. @returns null when it is void, for the load generator was too busy */
  round(): Promise<number | null>;
}

/** Rounds in the order A B … B A, so that whatever drifts on this machine drifts for all; void ones are run again. */
export async function interleave(
  contestants: readonly Contestant[],
  rounds: number,
  onVoid: (name: string) => void,
): Promise<Map<string, Figure>> {
  const values = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contestants : [...contestants].reverse();
    for (const { name, round: run } of order) values.get(name)?.push(await insist(name, run, onVoid));
  }
  return new Map([...values].map(([name, found]) => [name, figureOf(found)]));
}

const TRIES = 4;

async function insist(
  name: string,
  run: () => Promise<number | null>,
  onVoid: (name: string) => void,
): Promise<number> {
  for (let i = 0; i < TRIES; i += 1) {
    const value = await run();
    if (value !== null) return value;
    onVoid(name);
  }
  throw new Error(`${name}: the load generator was too busy in ${TRIES} rounds, so nothing was measured`);
}

/** A figure of a map that is known to be there. */
export function figureFor(figures: ReadonlyMap<string, Figure>, name: string): Figure {
  const figure = figures.get(name);
  if (!figure) throw new Error(`nothing was measured for ${name}`);
  return figure;
}
