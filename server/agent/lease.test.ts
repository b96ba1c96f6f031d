import { expect, it } from 'vitest';
import { answering } from '../../tests/support/answering.ts';
import type { World } from '../../tests/support/world.ts';
import { claimTurn } from '../store/turn-sql.ts';
import { LEASE_MS, Lease } from './lease.ts';

let world: World;
const { conversation, ask } = answering((made) => {
  world = made;
});

it('writes the first text down at once, also while it says that nothing was written yet (invariant 18)', async () => {
  const { database } = world;
  const { ada, sessionId } = await conversation();
  const { answerId: messageId } = await ask(ada, sessionId, 'Well?');
  const turn = await claimTurn(database.pool, 'one', LEASE_MS);
  if (!turn) throw new Error('nothing waits');
  const onError = (error: unknown) => world.errors.push(error);
  const lease = new Lease({ database, onError, checkpointMs: 1_000_000 }, turn, 'one');
  const renewed = lease.keep();
  lease.note('Well, ');
  lease.note('Well, yes.');
  await renewed;
  await lease.release();
  const { checkpoint } = await database.prisma.agentTurn.findUniqueOrThrow({ where: { messageId } });
  expect(checkpoint).toBe('Well, yes.');
});
