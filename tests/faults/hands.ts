import type { Shown } from '../../app/local-db/effects.ts';
import type { MessageRow, SessionRow } from '../../app/local-db/rows.ts';
import type { ChatClient } from '../../app/sync/chat-client.ts';
import type { SessionId } from '../../protocol/ids.ts';
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
/** How often it is drawn, and the kind of change that it makes. */
export type Draw = [weight: number, op: OutboxOp, operation: Operation];

/** Unique over the whole schedule. */
export const text = ({ seed, deeds, device }: Hands, what: string) =>
  `${what} ${seed}/${deeds.length} by ${device.name}`;

export async function enqueue(
  { client }: Hands,
  op: OutboxOp,
  input: object,
  about: string | null,
  value: string | null,
  shown: Shown = {},
): Promise<Done> {
  // Each operation above writes the input of its own op, which the outbox parses again.
  return { op, mutationId: await client.outbox.enqueue(op, input as never, shown), about, value };
}

export const isMine = (row: MessageRow, { device }: Hands) => row.userId === device.person.me.id;

export function aPerson({ people, random }: Hands): Person {
  return random.pick(people as [Person, ...Person[]]);
}

export async function aMessage(
  { client, session, random }: Hands,
  accepts: (row: MessageRow) => boolean,
): Promise<MessageRow | null> {
  const rows = (await client.db.listMessages(session.id as SessionId, { limit: 200 })).filter(accepts);
  const [first, ...rest] = rows;
  return first ? random.pick([first, ...rest]) : null;
}
