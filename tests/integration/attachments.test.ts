import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadByTus } from '../../app/uploads/tus-upload.ts';
import { ChatError } from '../../protocol/errors.ts';
import {
  type AttachmentId,
  type MessageId,
  newAttachmentId,
  newMessageId,
  newMutationId,
  newUserId,
  type SessionId,
  type UserId,
} from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { ChatMessage } from '../../protocol/shapes.ts';
import type { Account } from '../../server/domain/account.ts';
import { imagesOf } from '../../server/domain/read-attachment.ts';
import { sweepAttachments } from '../../server/domain/sweep-attachments.ts';
import { createAttachmentDomain } from '../../server/http/attachment-domain.ts';
import { bomb, photo, png } from '../support/pictures.ts';
import { type Browser, type ServedApp, serveApp } from '../support/served-app.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let app: ServedApp;
beforeAll(async () => {
  world = await createWorld();
  app = await serveApp({
    prisma: world.database.prisma,
    router: world.router,
    attachments: createAttachmentDomain(world.domain),
  });
});
afterAll(async () => {
  await app.close();
  await world.close();
});

/** A guest with a browser, as the domain and as the wire know them. */
async function person(): Promise<{ account: Account; browser: Browser; fetch: typeof fetch }> {
  const browser = app.browser();
  const { id } = await browser.guest();
  const cookie = [...browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  const withCookie: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', cookie);
    return fetch(input, { ...init, headers });
  };
  const account: Account = {
    userId: id as UserId,
    authSessionId: newUserId(),
    isGuest: true,
    role: 'student',
  };
  return { account, browser, fetch: withCookie };
}
type Person = Awaited<ReturnType<typeof person>>;

interface Given {
  id?: AttachmentId;
  name?: string;
  type?: string;
  wasBegun?: boolean;
}

async function upload(who: Person, sessionId: SessionId, bytes: Uint8Array, given: Given = {}) {
  const { id = newAttachmentId(), name = 'photo.jpg', type = 'image/jpeg', wasBegun = false } = given;
  await uploadByTus(
    { id, sessionId, name, type, content: new Blob([bytes as Uint8Array<ArrayBuffer>]) },
    {
      serverUrl: app.url,
      fetch: who.fetch,
      account: who.account.userId,
      wasBegun,
      onProgress: () => {},
      signal: new AbortController().signal,
    },
  );
  return world.as(who.account).attachment.finish({ id });
}

const send = (
  who: Person,
  sessionId: SessionId,
  attachmentIds: string[],
  content = '',
  id = newMessageId(),
) =>
  world
    .as(who.account)
    .message.send({ id, sessionId, content, attachmentIds: attachmentIds as AttachmentId[] });

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => (error instanceof ChatError ? error.reason : (error.cause?.reason ?? error.message)),
  );

const bytesHere = () => readdirSync(join(world.domain.uploads.incomingDir, '..', 'kept')).length;

describe('a photo', () => {
  it('reaches another member whole, turned upright, without what the camera wrote into it', async () => {
    const [ada, ben] = [await person(), await person()];
    const sessionId = await world.conversation(ada.account, [ben.account]);
    const file = await upload(ada, sessionId, await photo(1_600, 1_200), {
      name: '../../etc/päss\u202ewd.jpg',
    });
    expect(file).toMatchObject({ name: 'pässwd.jpg', mimeType: 'image/jpeg', width: 1_200, height: 1_600 });
    expect(file.preview).toMatch(/^data:image\/webp;base64,.{20,800}$/);
    await send(ada, sessionId, [file.id]);
    const { messages } = await world.as(ben.account).message.list({ sessionId });
    expect(messages.map(({ content, attachments }) => [content, attachments])).toEqual([['', [file]]]);

    const whole = await ben.fetch(`${app.url}/api/attachments/${file.id}`);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    const seen = await sharp(Buffer.from(await whole.arrayBuffer())).metadata();
    expect([seen.width, seen.height, seen.exif, seen.orientation]).toEqual([
      1_200,
      1_600,
      undefined,
      undefined,
    ]);
    const small = await ben.fetch(`${app.url}/api/attachments/${file.id}/thumbnail`);
    expect((await sharp(Buffer.from(await small.arrayBuffer())).metadata()).height).toBe(640);
    const images = await imagesOf(world.domain, [messages[0]?.id as MessageId]);
    expect([...images.values()].flat().map(({ mimeType, name }) => [mimeType, name])).toEqual([
      ['image/jpeg', 'pässwd.jpg'],
    ]);
  });

  it('is the same in the event, in the list and in a snapshot (invariant 10)', async () => {
    const ada = await person();
    const sessionId = await world.conversation(ada.account);
    const first = await upload(ada, sessionId, await png(), { name: 'a "b".png', type: 'image/png' });
    const second = await upload(ada, sessionId, Buffer.from('notes'), {
      name: 'notes.txt',
      type: 'text/plain',
    });
    const { seq } = await send(ada, sessionId, [second.id, first.id], 'Both');
    const event = await world.database.prisma.chatEvent.findFirstOrThrow({ where: { sessionId, seq } });
    const { messages } = await world.as(ada.account).message.list({ sessionId });
    // As devices read it: what the log leaves out has its default.
    expect(ChatMessage.parse((event.payload as { message: unknown }).message)).toEqual(messages[0]);
    expect(messages[0]?.attachments).toEqual([second, first]);
    const snapshot = await world.as(ada.account).sync.snapshot();
    expect(snapshot.sessions[0]?.messages).toEqual(messages);
  });

  it('goes with its message: from the list, from the log and from the disk', async () => {
    const ada = await person();
    const sessionId = await world.conversation(ada.account);
    const before = bytesHere();
    const file = await upload(ada, sessionId, await png(), { name: 'secret.png', type: 'image/png' });
    const { id } = await send(ada, sessionId, [file.id]);
    expect(bytesHere()).toBe(before + 2);
    await world.as(ada.account).message.delete({ mutationId: newMutationId(), messageId: id });
    expect(bytesHere()).toBe(before);
    const events = await world.database.prisma.chatEvent.findMany({ where: { sessionId } });
    expect(JSON.stringify(events, (_, v) => (typeof v === 'bigint' ? Number(v) : v))).not.toContain(
      'secret.png',
    );
    expect((await ada.fetch(`${app.url}/api/attachments/${file.id}`)).status).toBe(404);
    // A retry of the send that made it gets its first result (invariant 2).
    expect(await send(ada, sessionId, [file.id], '', id)).toMatchObject({ duplicate: true });
  });
});

describe('an upload that a dying server left half begun', () => {
  it.each([
    ['before tus made its note', (note: string) => rmSync(note)],
    ['in the middle of the note', (note: string) => writeFileSync(note, readFileSync(note).subarray(0, 9))],
  ])('is begun anew, %s, and its message does not wait for ever (invariant 5)', async (_when, die) => {
    const ada = await person();
    const sessionId = await world.conversation(ada.account);
    const id = newAttachmentId();
    const bytes = new TextEncoder().encode('Chapter two. '.repeat(50_000));
    // The first piece arrives; then nobody answers any more.
    let calls = 0;
    const dying: Person = {
      ...ada,
      fetch: async (...call) => {
        calls += 1;
        if (calls > 1) throw new TypeError('The server died.');
        return ada.fetch(...call);
      },
    };
    const given = { id, name: 'chapter.txt', type: 'text/plain' };
    await expect(upload(dying, sessionId, bytes, given)).rejects.toThrow('The server died.');
    die(join(world.domain.uploads.incomingDir, `${id}.json`));
    for (const wasBegun of [true, false]) {
      const file = await upload(ada, sessionId, bytes, { ...given, wasBegun });
      expect(file).toMatchObject({ id, bytes: bytes.length });
    }
  });
});

describe('files that a send names', () => {
  const twoFiles = async () => {
    const ada = await person();
    const sessionId = await world.conversation(ada.account);
    const text = async (name: string) =>
      (await upload(ada, sessionId, Buffer.from(name), { name, type: 'text/plain' })).id;
    return { ada, sessionId, a: await text('a.txt'), b: await text('b.txt') };
  };
  const refused = (who: Person, sessionId: SessionId, attachmentIds: string[], id: MessageId) =>
    refusal(
      world.as(who.account).message.send({
        id,
        sessionId,
        content: '',
        parentId: newMessageId(), // of nothing: the files are claimed, the message is not taken
        attachmentIds: attachmentIds as AttachmentId[],
      }),
    );
  const namesOf = async (who: Person, sessionId: SessionId) =>
    (await world.as(who.account).message.list({ sessionId })).messages.map(({ attachments }) =>
      attachments.map(({ name }) => name),
    );

  it('are those of its last try, and the others are free again', async () => {
    const { ada, sessionId, a, b } = await twoFiles();
    const id = newMessageId();
    expect(await refused(ada, sessionId, [a, b], id)).toBe('NOT_FOUND');
    await send(ada, sessionId, [b], '', id);
    await send(ada, sessionId, [a]);
    expect(await namesOf(ada, sessionId)).toEqual([['b.txt'], ['a.txt']]);
  });

  it('do not go with a try that names none', async () => {
    const { ada, sessionId, a, b } = await twoFiles();
    const id = newMessageId();
    expect(await refused(ada, sessionId, [a, b], id)).toBe('NOT_FOUND');
    await send(ada, sessionId, [], 'Words alone', id);
    await send(ada, sessionId, [b, a]);
    expect(await namesOf(ada, sessionId)).toEqual([[], ['b.txt', 'a.txt']]);
  });

  it('keep their order once they were sent, whoever names them anew', async () => {
    const { ada, sessionId, a, b } = await twoFiles();
    const { id } = await send(ada, sessionId, [a, b]);
    expect(await refusal(send(ada, sessionId, [b, a], '', id))).toBe('ID_REUSED');
    expect(await refusal(send(ada, sessionId, [b, a]))).toBe('NOT_FOUND');
    expect(await namesOf(ada, sessionId)).toEqual([['a.txt', 'b.txt']]);
  });

  it('go with a message in another version of a conversation too, in their order', async () => {
    const { ada } = await twoFiles();
    const sessionId = await world.conversation(ada.account, [], true);
    const [first, second] = [newMessageId(), newMessageId()];
    await send(ada, sessionId, [], 'How?', first);
    await world
      .as(ada.account)
      .message.send({ id: second, sessionId, content: 'How exactly?', branchOf: first });
    const names = ['one.txt', 'two.txt'];
    const ids = [];
    for (const name of names)
      ids.unshift((await upload(ada, sessionId, Buffer.from(name), { name, type: 'text/plain' })).id);
    await send(ada, sessionId, ids);
    expect((await namesOf(ada, sessionId)).at(-2)).toEqual(['two.txt', 'one.txt']);
  });
});

describe('who may see a file', () => {
  it('is who may see its message: no stranger, nobody before joining, nobody after leaving; the same word for all', async () => {
    const [ada, ben, cem, stranger] = [await person(), await person(), await person(), await person()];
    const sessionId = await world.conversation(ada.account, [ben.account]);
    const early = await upload(ada, sessionId, await png(), { name: 'early.png', type: 'image/png' });
    const status = async (who: Person, id: string) =>
      (await who.fetch(`${app.url}/api/attachments/${id}`)).status;
    expect(await status(ben, early.id)).toBe(404);
    await send(ada, sessionId, [early.id]);
    await world
      .as(ada.account)
      .session.addMember({ mutationId: newMutationId(), sessionId, userId: cem.account.userId });
    await world.as(ben.account).session.leave({ mutationId: newMutationId(), sessionId });
    const late = await upload(ada, sessionId, await png(), { name: 'late.png', type: 'image/png' });
    await send(ada, sessionId, [late.id]);
    const seen = await Promise.all(
      [ada, ben, cem, stranger].map(async (who) => [await status(who, early.id), await status(who, late.id)]),
    );
    expect(seen).toEqual([
      [200, 200],
      [200, 404],
      [404, 200],
      [404, 404],
    ]);
    expect((await fetch(`${app.url}/api/attachments/${late.id}`)).status).toBe(401);
    const asAda = await stranger.fetch(`${app.url}/api/attachments/${late.id}`, {
      headers: { 'x-account': ada.account.userId },
    });
    expect(asAda.status).toBe(401);
  });

  it('nobody sends, resumes, finishes or takes back what another uploads', async () => {
    const [ada, ben] = [await person(), await person()];
    const sessionId = await world.conversation(ada.account, [ben.account]);
    const file = await upload(ada, sessionId, await png(), { type: 'image/png', name: 'mine.png' });
    expect(await refusal(send(ben, sessionId, [file.id]))).toBe('NOT_FOUND');
    expect(await refusal(world.as(ben.account).attachment.finish({ id: file.id as AttachmentId }))).toBe(
      'NOT_FOUND',
    );
    for (const method of ['HEAD', 'PATCH', 'DELETE']) {
      const headers = {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      };
      const response = await ben.fetch(`${app.url}/api/attachments/${file.id}`, { method, headers });
      expect([method, response.status]).toEqual([method, 404]);
    }
    expect(await refusal(upload(ben, sessionId, await png(), { id: file.id as AttachmentId }))).toBe(
      'ID_REUSED',
    );
    const other = await world.conversation(ada.account);
    expect(await refusal(send(ada, other, [file.id]))).toBe('NOT_FOUND');
    await send(ada, sessionId, [file.id], 'once');
    expect(await refusal(send(ada, sessionId, [file.id], 'twice'))).toBe('NOT_FOUND');
    expect(await refusal(upload(ben, other, await png()))).toBe('NOT_FOUND');
  });
});

describe('what is not what it says', () => {
  it.each([
    ['a picture that is none', 'image/png', () => Buffer.from('<html><script>alert(1)</script>')],
    ['a program', 'application/pdf', () => Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])],
    [
      'a program for Linux',
      'text/plain',
      () => Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(99)]),
    ],
    ['a picture cut off in the middle', 'image/jpeg', async () => (await photo()).subarray(0, 900)],
  ])('%s is refused with a sentence, again and again, and leaves no byte', async (_what, type, bytes) => {
    const ada = await person();
    const sessionId = await world.conversation(ada.account);
    const before = bytesHere();
    const id = newAttachmentId();
    const name = 'homework.png';
    await expect(upload(ada, sessionId, await bytes(), { id, name, type })).rejects.toThrow(
      /“homework.png” /,
    );
    expect(await refusal(world.as(ada.account).attachment.finish({ id }))).toBe('INVALID_INPUT');
    expect(await refusal(send(ada, sessionId, [id]))).toBe('NOT_FOUND');
    expect(bytesHere()).toBe(before);
  });

  it('a picture that would unpack to gigabytes is refused before it is unpacked', async () => {
    const ada = await person();
    const sessionId = await world.conversation(ada.account);
    const given = { name: 'bomb.png', type: 'image/png' };
    expect(await refusal(upload(ada, sessionId, bomb(60_000), given))).toBe('TOO_LARGE');
    expect(await refusal(upload(ada, sessionId, bomb(5_000), given))).toBe('INVALID_INPUT');
  });

  it('a picture with a page behind its pixels loses the page', async () => {
    const ada = await person();
    const sessionId = await world.conversation(ada.account);
    const both = Buffer.concat([await photo(), Buffer.from('<script>alert("polyglot")</script>')]);
    const { id } = await upload(ada, sessionId, both);
    const served = Buffer.from(await (await ada.fetch(`${app.url}/api/attachments/${id}`)).arrayBuffer());
    expect(served.includes('polyglot')).toBe(false);
  });

  it.each([
    [
      'image/svg+xml',
      'drawing.svg',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ],
    ['text/html', 'page.html', '<!doctype html><script>alert(1)</script>'],
    ['application/pdf', 'paper.pdf', '%PDF-1.7\n%âãÏÓ\n'],
  ])('%s is handed over as bytes, never shown', async (type, name, content) => {
    const ada = await person();
    const sessionId = await world.conversation(ada.account);
    const file = await upload(ada, sessionId, Buffer.from(content), { name, type });
    expect(file).toMatchObject({ width: null, preview: null, hasThumbnail: false });
    const response = await ada.fetch(`${app.url}/api/attachments/${file.id}`);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(await response.text()).toBe(content);
    expect((await ada.fetch(`${app.url}/api/attachments/${file.id}/thumbnail`)).status).toBe(404);
  });

  it('nothing, too much, and what does not add up is refused before a byte is kept', async () => {
    const ada = await person();
    const sessionId = await world.conversation(ada.account);
    const begin = (length: string, id: string = newAttachmentId(), name = 'x') => {
      const metadata = Object.entries({ id, sessionId, name }).map(([k, v]) => `${k} ${btoa(v)}`);
      const headers = {
        'tus-resumable': '1.0.0',
        'upload-length': length,
        'upload-metadata': metadata.join(','),
      };
      return ada.fetch(`${app.url}/api/attachments`, { method: 'POST', headers });
    };
    const answers = await Promise.all([
      begin('0'),
      begin(String(4 * 1024 ** 3)),
      begin('-5'),
      begin('many'),
      begin('10', '../../../etc/passwd'),
      begin('10', newAttachmentId(), '../..'),
    ]);
    expect(answers.map((response) => response.status)).toEqual([400, 413, 400, 400, 400, 400]);
    expect(await answers[1]?.json()).toMatchObject({
      success: false,
      reason: 'TOO_LARGE',
      error: expect.stringContaining('25 MB'),
    });
    const id = newAttachmentId();
    expect((await begin('10', id)).status).toBe(201);
    const headers = {
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    };
    const over = await ada.fetch(`${app.url}/api/attachments/${id}`, {
      method: 'PATCH',
      headers,
      body: 'x'.repeat(11),
    });
    expect(over.status).toBe(413);
    expect(await refusal(world.as(ada.account).attachment.finish({ id }))).toBe('CONFLICT');
    expect((await begin('11', id)).status).toBe(409);
  });
});

it('an upload goes on where it was cut off, and begins anew where its bytes are gone', async () => {
  const ada = await person();
  const sessionId = await world.conversation(ada.account);
  const content = new Uint8Array(700_000).map((_, i) => (i * 7) % 251);
  const id = newAttachmentId();
  const file = {
    id,
    sessionId,
    name: 'data.bin',
    type: 'application/octet-stream',
    content: new Blob([content]),
  };
  let calls = 0;
  const sent: number[] = [];
  const cutting: typeof fetch = async (input, init) => {
    calls += 1;
    const body = init?.body as Blob | undefined;
    // The third request is lost on its way; the second's answer is lost on its way back.
    if (calls === 3) throw new TypeError('network');
    const response = await ada.fetch(input, init);
    if (body) sent.push(body.size);
    if (calls === 2) throw new TypeError('network');
    return response;
  };
  const options = {
    serverUrl: app.url,
    account: ada.account.userId,
    onProgress: () => {},
    signal: new AbortController().signal,
  };
  await expect(uploadByTus(file, { ...options, fetch: cutting, wasBegun: false })).rejects.toThrow('network');
  await expect(uploadByTus(file, { ...options, fetch: cutting, wasBegun: true })).rejects.toThrow('network');
  const progress: number[] = [];
  await uploadByTus(file, {
    ...options,
    fetch: cutting,
    wasBegun: true,
    onProgress: (bytes) => progress.push(bytes),
  });
  expect(sent.reduce((a, b) => a + b, 0)).toBe(content.length);
  expect(progress.at(-1)).toBe(content.length);
  const done = await world.as(ada.account).attachment.finish({ id });
  const served = await ada.fetch(`${app.url}/api/attachments/${done.id}`);
  // Not by toEqual: looking at so many numbers one by one blocks this process until the server, which is in it too, closes
  // the connection that the next upload takes.
  expect(Buffer.from(await served.arrayBuffer()).equals(content)).toBe(true);

  const again = { ...file, id: newAttachmentId() };
  await uploadByTus(again, { ...options, fetch: ada.fetch, wasBegun: false });
  await world.domain.uploads.remove([again.id]);
  await uploadByTus(again, { ...options, fetch: ada.fetch, wasBegun: true });
  expect(await world.as(ada.account).attachment.finish({ id: again.id })).toMatchObject({
    bytes: content.length,
  });
});

it('an upload that was finished, and whose finish was acknowledged to nobody, is found finished (invariants 2 and 5)', async () => {
  const ada = await person();
  const sessionId = await world.conversation(ada.account);
  const id = newAttachmentId();
  const content = new Blob([new Uint8Array(700_000).map((_, i) => (i * 7) % 251)]);
  const file = { id, sessionId, name: 'data.bin', type: 'application/octet-stream', content };
  const connection = { serverUrl: app.url, fetch: ada.fetch, account: ada.account.userId };
  const options = { ...connection, onProgress: () => {}, signal: new AbortController().signal };
  await uploadByTus(file, { ...options, wasBegun: false });
  const finished = await world.as(ada.account).attachment.finish({ id });
  // As the app tries again that does not know it.
  await uploadByTus(file, { ...options, wasBegun: true });
  await uploadByTus(file, { ...options, wasBegun: false });
  expect(await world.as(ada.account).attachment.finish({ id })).toEqual(finished);
  const served = await ada.fetch(`${app.url}/api/attachments/${id}`);
  expect((await served.arrayBuffer()).byteLength).toBe(content.size);
});

it('nobody fills the disk: a person has so much room, and what no message took along is swept away', async () => {
  const ada = await person();
  const sessionId = await world.conversation(ada.account);
  const file = await upload(ada, sessionId, await png(), { name: 'kept.png', type: 'image/png' });
  await send(ada, sessionId, [file.id]);
  const waiting = await upload(ada, sessionId, await png(), { name: 'waits.png', type: 'image/png' });
  await sweepAttachments(world.domain);
  expect((await ada.fetch(`${app.url}/api/attachments/${waiting.id}`)).status).toBe(200);
  const later = new Date(Date.now() + 4 * 24 * 3_600_000);
  expect(await sweepAttachments(world.domain, later)).toBeGreaterThanOrEqual(2);
  expect((await ada.fetch(`${app.url}/api/attachments/${waiting.id}`)).status).toBe(404);
  expect((await ada.fetch(`${app.url}/api/attachments/${file.id}`)).status).toBe(200);

  await world.database.prisma.attachment.update({
    where: { id: file.id },
    data: { bytes: limits.attachmentBytesPerPerson },
  });
  await expect(upload(ada, sessionId, await png())).rejects.toThrow('Your files take 1,000 MB');
});
