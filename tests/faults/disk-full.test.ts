import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { failureOf } from '../../app/trpc/client.ts';
import { newMessageId, newSessionId } from '../../protocol/ids.ts';
import { type Product, startProduct } from '../support/product.ts';
import { newPerson, truthOf } from './person.ts';

let product: Product | null = null;
let mounted: string | null = null;

afterAll(async () => {
  await product?.stop();
  if (!mounted) return;
  execFileSync('umount', [mounted]);
  rmdirSync(mounted);
});

/** A disk of so many MB; null where this account may not mount one. */
function smallDisk(megabytes: number): string | null {
  const directory = mkdtempSync(join(tmpdir(), 'jstar-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', directory], { stdio: 'pipe' });
  } catch {
    rmdirSync(directory);
    return null;
  }
  mounted = directory;
  return directory;
}

/** Takes all the room that is left. */
function fill(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (let size = 1_048_576; size >= 4_096; ) {
      try {
        if (writeSync(handle, Buffer.alloc(size, 1)) < size) size /= 2;
      } catch {
        size /= 2;
      }
    }
  } finally {
    closeSync(handle);
  }
}

const disk = process.platform === 'linux' ? smallDisk(256) : null;

it.skipIf(disk === null)(
  'a full disk refuses what it cannot keep, loses nothing, and goes on once there is room (invariants 1 to 3)',
  async () => {
    product = await startProduct({ dataDir: join(disk ?? '', 'data') });
    const { url } = product;
    const server = truthOf(url, await newPerson(url));
    const sessionId = newSessionId();
    await server.session.create.mutate({ id: sessionId, withAgent: false });
    const words = 'x'.repeat(15_000);
    const sends = Array.from({ length: 400 }, (_, i) => ({
      id: newMessageId(),
      sessionId,
      content: `${i} ${words}`,
    }));
    const filler = join(disk ?? '', 'filler');
    let acknowledged = 0;
    let refusal: unknown = null;
    for (const [i, send] of sends.entries()) {
      if (i === 10) fill(filler);
      try {
        await server.message.send.mutate(send);
        acknowledged += 1;
      } catch (error) {
        refusal = error;
        break;
      }
    }
    expect(failureOf(refusal)).toMatchObject({ reason: 'UNAVAILABLE', retryable: true });
    expect(product.output()).toMatch(/No space left on device/);
    // What stands can be read meanwhile, and is all that was acknowledged.
    const stands = async () => (await server.message.list.query({ sessionId, limit: 200 })).messages;
    expect((await stands()).map(({ id }) => id)).toEqual(sends.slice(0, acknowledged).map(({ id }) => id));
    unlinkSync(filler);
    // Everything again, as outboxes do, and some more.
    const all = sends.slice(0, acknowledged + 5);
    for (const send of all)
      await expect
        .poll(() => server.message.send.mutate(send).then(({ id }) => id, String), { timeout: 60_000 })
        .toBe(send.id);
    expect((await stands()).map(({ id, seq }) => [id, seq])).toEqual(all.map(({ id }, i) => [id, i + 2]));
  },
  180_000,
);
