import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTrpc } from '../../app/trpc/client.ts';
import { newAttachmentId, newMessageId, newSessionId } from '../../protocol/ids.ts';
import { callsOf, newPerson } from '../faults/person.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({ env: { LOG_LEVEL: 'trace' } });
}, 90_000);
afterAll(() => product.stop());

it('says at the start that files here are none of its database, and leaves them', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'jstar-astray-'));
  const file = join(dataDir, 'uploads/kept', newAttachmentId());
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'of another database');
  const astray = await startProduct({ dataDir });
  try {
    await eventually(() =>
      expect(astray.output()).toMatch(
        /"files":1,"msg":"DATA_DIR\/uploads holds files that the database knows nothing of: .* left as they are"/,
      ),
    );
    expect(product.output()).not.toContain('knows nothing of');
    expect(readFileSync(file, 'utf8')).toBe('of another database');
  } finally {
    await astray.stop();
    rmSync(dataDir, { recursive: true });
  }
}, 60_000);

it('holds no token of an invitation whose address leads nowhere, nor a stack for any such address', async () => {
  const secret = 'hummingbird-4712';
  for (const path of [`/join/${secret}/more`, '//nowhere', '/nowhere'])
    expect((await fetch(product.url + path, { redirect: 'manual' })).status).toBe(404);
  expect((await fetch(`${product.url}/join/${secret}`, { method: 'POST' })).status).toBe(405);
  expect(product.output()).not.toContain(secret);
  expect(product.output()).not.toMatch(/^\w*Error: /m);
});

it('holds request, person and turn ids, and neither a word of what was written nor a cookie', async () => {
  const secret = 'zebrafinch-4711';
  const { cookie, me } = await newPerson(product.url);
  const trpc = createTrpc(callsOf(product.url, () => cookie));
  const sessionId = newSessionId();
  await trpc.session.create.mutate({ id: sessionId, title: `Title ${secret}` });
  const { id } = await trpc.message.send.mutate({ id: newMessageId(), sessionId, content: `Ask ${secret}` });
  await trpc.message.search.query({ query: secret });
  const asked = async (body: object) => {
    const headers = { cookie, 'content-type': 'application/json' };
    return fetch(`${product.url}/api/chat?note=${secret}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
  };
  // Well, too long, another text under a known id, and not at all like a question.
  const statuses = [];
  for (const body of [
    { message: secret },
    { message: secret.repeat(2_000) },
    { id, message: `Other ${secret}` },
    { nonsense: secret },
  ])
    statuses.push((await asked(body)).status);
  expect(statuses[0]).toBe(200);
  expect(statuses.slice(1).every((status) => status >= 400 && status < 500)).toBe(true);
  await product.stop();

  const lines = product
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const entries = lines.map((line) => JSON.parse(line));
  expect(entries.some((entry) => entry.msg === 'request' && entry.person === me.id && entry.requestId)).toBe(
    true,
  );
  expect(entries.some((entry) => entry.turn)).toBe(true);
  const token = decodeURIComponent(cookie).split('=').slice(1).join('=').split('.')[0] ?? '';
  expect(token.length).toBeGreaterThan(10);
  for (const line of lines) {
    expect(line).not.toContain(secret);
    expect(line).not.toContain(token);
  }
}, 60_000);
