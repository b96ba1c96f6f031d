import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrpc } from '../../../app/trpc/client.ts';
import { uploadByTus } from '../../../app/uploads/tus-upload.ts';
import { newAttachmentId, newMessageId, newSessionId } from '../../../protocol/ids.ts';
import { noFindings } from '../ledger.ts';
import { callsOf, newMember, newPerson, type Person, signInAgain } from '../person.ts';
import { createRandom } from '../random.ts';
import { runSchedule } from '../schedule.ts';
import { type ServerCluster, startServerCluster } from './cluster.ts';
import { type Disturbance, disturbances, serveCluster } from './disturb.ts';
import { openRawStream } from './raw-stream.ts';
import { whyNoRedis } from './redis-server.ts';

// The rest of what several nodes must withstand is run by `npm run test:faults -- --nodes`.
const missing = whyNoRedis();

describe.skipIf(missing !== null)(`two nodes behind a balancer${missing ? ` (${missing})` : ''}`, () => {
  let cluster: ServerCluster;
  beforeAll(async () => {
    cluster = await startServerCluster();
  }, 90_000);
  afterAll(() => cluster.stop(), 60_000);

  async function person() {
    const { cookie, me } = await newPerson(cluster.url);
    const [one, two] = cluster.nodes.map((node) => createTrpc(callsOf(node.url, () => cookie)));
    if (!one || !two) throw new Error('There are two nodes');
    return { cookie, me, one, two };
  }

  it('give one order without a hole to writes that come in on both (invariant 3)', async () => {
    const { one, two } = await person();
    const sessionId = newSessionId();
    await one.session.create.mutate({ id: sessionId, withAgent: false });
    const sent = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        (i % 2 ? one : two).message.send.mutate({ id: newMessageId(), sessionId, content: `${i}` }),
      ),
    );
    const { lastSeq } = await two.session.get.query({ sessionId });
    expect(sent.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, i) => lastSeq - 59 + i),
    );
  });

  it('take a file in pieces, whichever of them each piece comes to, and hand it out', async () => {
    const { me, cookie, one, two } = await person();
    const sessionId = newSessionId();
    await one.session.create.mutate({ id: sessionId, withAgent: false });
    const bytes = Buffer.from(Uint8Array.from({ length: 700_000 }, (_, i) => (i * 7) % 251));
    const id = newAttachmentId();
    const content = new Blob([bytes]);
    const asked: string[] = [];
    let turn = 0;
    const next: typeof fetch = (input, init) => {
      turn += 1;
      const { url } = cluster.nodes[turn % 2 ? 0 : 1];
      asked.push(url);
      const headers = new Headers(init?.headers);
      headers.set('cookie', cookie);
      return fetch(`${url}${input}`, { ...init, headers });
    };
    await uploadByTus(
      { id, sessionId, name: 'data.bin', type: 'application/octet-stream', content },
      {
        fetch: next,
        account: me.id,
        wasBegun: false,
        onProgress: () => {},
        signal: new AbortController().signal,
      },
    );
    expect(new Set(asked).size).toBe(2);
    await two.attachment.finish.mutate({ id });
    await one.message.send.mutate({ id: newMessageId(), sessionId, content: '', attachmentIds: [id] });
    for (const { url } of cluster.nodes) {
      const served = await fetch(`${url}/api/attachments/${id}`, { headers: { cookie } });
      expect(Buffer.from(await served.arrayBuffer()).equals(bytes)).toBe(true);
    }
  }, 30_000);

  /** What ends every stream of an account, asked for on another node than the stream is on. */
  const endings: [string, (url: string, person: Person) => Promise<unknown>][] = [
    ['signs out', (url, { cookie }) => postAuth(url, cookie, 'sign-out', {})],
    ['signs out everywhere', (url, { cookie }) => postAuth(url, cookie, 'revoke-sessions', {})],
    [
      'changes the password on another device',
      async (url, person) => {
        const there = { ...person };
        await signInAgain(cluster.url, there);
        const currentPassword = person.login?.password;
        await postAuth(url, there.cookie, 'change-password', {
          currentPassword,
          newPassword: 'another long password',
        });
      },
    ],
    [
      'deletes the account',
      (url, { cookie }) =>
        createTrpc(callsOf(url, () => cookie)).me.delete.mutate({ confirm: 'delete my account' }),
    ],
  ];

  it('close the streams of whoever is no longer signed in, wherever they are, also while Redis is away (invariant 24)', async () => {
    const [node, other] = cluster.nodes;
    for (const isRedisThere of [true, false]) {
      if (!isRedisThere && !cluster.redis.part) return;
      const open = await Promise.all(
        endings.map(async ([how, end]) => {
          const person = await newMember(cluster.url, how);
          const stream = await openRawStream(other.url, person.cookie);
          await stream.until('caught-up');
          return { how, end, person, stream };
        }),
      );
      if (!isRedisThere) await cluster.redis.part?.end();
      await Promise.all(
        open.map(async ({ how, end, person, stream }) => {
          await end(node.url, person);
          await stream.ended(5_000).catch((error: Error) => expect.fail(`${how}: ${error.message}`));
          // A device comes back at once, and is not to be taken for whom its node remembers.
          const again = await openRawStream(other.url, person.cookie);
          await again.ended(5_000).catch((error: Error) => expect.fail(`${how}, again: ${error.message}`));
          expect(again.text(), how).not.toContain('caught-up');
        }),
      );
      if (!isRedisThere) await cluster.redis.part?.start();
    }
  }, 60_000);

  it('bring each other’s messages within 2 s while Redis is away, and say that it is', async () => {
    if (!cluster.redis.part) return;
    const { cookie, one } = await person();
    const sessionId = newSessionId();
    await one.session.create.mutate({ id: sessionId, withAgent: false });
    const stream = await openRawStream(cluster.nodes[1].url, cookie);
    await stream.until('caught-up');
    await cluster.redis.part.end();
    await one.message.send.mutate({ id: newMessageId(), sessionId, content: 'without Redis' });
    await stream.until('without Redis');
    const readyz = await fetch(`${cluster.nodes[0].url}/readyz`);
    expect([readyz.status, (await readyz.json()).reason]).toEqual([503, expect.stringContaining('Redis')]);
    expect((await fetch(`${cluster.nodes[0].url}/readyz?bus=optional`)).status).toBe(200);
    await cluster.redis.part.start();
    await expect
      .poll(async () => (await fetch(`${cluster.nodes[0].url}/readyz`)).status, { timeout: 10_000 })
      .toBe(200);
    stream.close();
  }, 30_000);

  it('lose, double and reorder nothing while each part is killed, paused or emptied (seed 31)', async () => {
    const kinds = Object.keys(disturbances).filter(
      (kind) => cluster.redis.part || !/^Redis (is killed|stands)/.test(kind),
    );
    const { served, done } = serveCluster(
      cluster,
      createRandom(31),
      kinds as [Disturbance, ...Disturbance[]],
    );
    const { findings, story } = await runSchedule(31, served, 60);
    expect(findings, [...done, ...story].join('\n')).toEqual(noFindings());
  }, 120_000);
});

async function postAuth(url: string, cookie: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${url}/api/auth/${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}
