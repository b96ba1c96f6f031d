import { describe, expect, it } from 'vitest';
import { newAttachmentId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { uploadByTus } from './tus-upload.ts';

const content = new Blob([new Uint8Array(400_000)]);
const page = '<!doctype html><title>Welcome to our network</title>';

/** An upload over a connection that answers with these, one after the other; what was asked, told and thrown. */
async function uploadThrough(answers: Response[], wasBegun: boolean) {
  const asked: (string | undefined)[] = [];
  const progress: number[] = [];
  const file = {
    id: newAttachmentId(),
    sessionId: newSessionId(),
    name: 'a.bin',
    type: 'text/plain',
    content,
  };
  const error = await uploadByTus(file, {
    account: newUserId(),
    wasBegun,
    fetch: async (_input, init) => {
      asked.push(init?.method);
      const answer = answers[asked.length - 1];
      if (!answer) throw new Error('It went on as if that had been the server');
      return answer;
    },
    onProgress: (bytes) => progress.push(bytes),
    signal: new AbortController().signal,
  }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { asked, progress, error };
}

const ours = (offset: number) =>
  new Response(null, { status: 204, headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(offset) } });

describe('a 200 of somebody between us and the server is no answer to an upload (invariants 5 and 21)', () => {
  const all = String(content.size);
  it.each([
    ['a page', {}],
    ['a page that claims to have it all', { 'Upload-Offset': all }],
    ['a page whose count was emptied on the way', { 'Upload-Offset': '' }],
    ['a page that names the protocol and no count', { 'Tus-Resumable': '1.0.0' }],
    ['a page with a count that is none', { 'Tus-Resumable': '1.0.0', 'Upload-Offset': 'many' }],
  ] as [string, Record<string, string>][])('%s', async (_, headers) => {
    const portal = () =>
      new Response(page, { status: 200, headers: { 'Content-Type': 'text/html', ...headers } });
    const refused = expect.objectContaining({ reason: 'UNAVAILABLE' });
    // Where it asks how much is there, where it begins, and where it goes on.
    expect(await uploadThrough([portal()], true)).toEqual({ asked: ['HEAD'], progress: [], error: refused });
    expect(await uploadThrough([portal()], false)).toEqual({ asked: ['POST'], progress: [], error: refused });
    expect(await uploadThrough([ours(100), portal()], true)).toEqual({
      asked: ['HEAD', 'PATCH'],
      progress: [100],
      error: refused,
    });
  });

  it('and the server’s own is', async () => {
    expect(await uploadThrough([ours(100), ours(content.size)], true)).toEqual({
      asked: ['HEAD', 'PATCH'],
      progress: [100, content.size],
      error: null,
    });
  });
});
