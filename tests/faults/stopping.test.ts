import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createTrpc, failureOf } from '../../app/trpc/client.ts';
import { newMessageId, newSessionId } from '../../protocol/ids.ts';
import { type Product, startProduct } from '../support/product.ts';
import { openRawStream } from './nodes/raw-stream.ts';
import { callsOf, newPerson } from './person.ts';

let product: Product;
afterEach(() => product.stop());

/** What /readyz says from now on until nobody listens: statuses, each once. */
async function readinessUntilClosed(): Promise<number[]> {
  const seen = new Set<number>();
  for (;;) {
    const headers = { connection: 'close' };
    const response = await fetch(`${product.url}/readyz`, { headers }).catch(() => null);
    if (!response) return [...seen];
    seen.add(response.status);
    await delay(20);
  }
}

it('says that it goes before it goes: not ready, and changes are to come back, while streams and reading go on', async () => {
  product = await startProduct();
  const { cookie } = await newPerson(product.url);
  const trpc = createTrpc(callsOf(product.url, () => cookie));
  const sessionId = newSessionId();
  await trpc.session.create.mutate({ id: sessionId, withAgent: false });
  const stream = await openRawStream(product.url, cookie);
  await stream.until('caught-up');
  const stopped = product.stop('SIGTERM');
  await expect.poll(async () => (await fetch(`${product.url}/readyz`)).status).toBe(503);
  const send = { id: newMessageId(), sessionId, content: 'too late' };
  const refusal = await trpc.message.send.mutate(send).catch(failureOf);
  expect(refusal).toMatchObject({ reason: 'UNAVAILABLE', retryable: true });
  expect((await trpc.session.get.query({ sessionId })).lastSeq).toBe(1);
  expect(await readinessUntilClosed()).toEqual([503]);
  await stopped;
  expect(product.process.exitCode).toBe(0);
  await stream.ended(0);
}, 60_000);
