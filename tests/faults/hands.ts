import type { SessionRow } from '../../app/local-db/rows.ts';
import type { ChatClient } from '../../app/sync/chat-client.ts';
import type { OutboxOp } from '../../protocol/outbox.ts';
import type { Device } from './device.ts';
import type { Deed } from './ledger.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';

export interface Scene {
  random: Random;
  seed: number;
  people: readonly Person[];
  /** Everything that was done so far; operations add to it. */
  deeds: Deed[];
}

export interface Hands extends Scene {
  device: Device;
  client: ChatClient;
  session: SessionRow;
}

export type Done = Pick<Deed, 'op' | 'mutationId'> & Partial<Deed>;
export type Operation = (hands: Hands) => Promise<Done | null>;

/** Unique over the whole schedule. */
export const text = ({ seed, deeds, device }: Hands, what: string) =>
  `${what} ${seed}/${deeds.length} by ${device.name}`;

export async function enqueue(
  { client }: Hands,
  op: OutboxOp,
  input: object,
  about: string | null,
  value: string | null,
): Promise<Done> {
  // Each operation above writes the input of its own op, which the outbox parses again.
  return { op, mutationId: await client.outbox.enqueue(op, input as never), about, value };
}
