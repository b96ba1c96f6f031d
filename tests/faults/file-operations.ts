import { newAttachmentId, newMessageId } from '../../protocol/ids.ts';
import { type Done, type Hands, text } from './hands.ts';
import type { Random } from './random.ts';

/** A message with one file or two, larger than a first piece now and then. */
export async function sendFiles(hands: Hands): Promise<Done> {
  const { client, session, random } = hands;
  const files = Array.from({ length: random.between(1, 2) }, () => ({
    id: newAttachmentId(),
    bytes: someBytes(random),
  }));
  const id = newMessageId();
  const content = text(hands, 'with files');
  await client.files.send(
    { id, sessionId: session.id, content },
    files.map(({ id: fileId, bytes }) => ({
      id: fileId,
      name: 'figures.bin',
      type: 'application/octet-stream',
      content: new Blob([bytes]),
      width: null,
      height: null,
      preview: null,
    })),
    { sessionId: session.id },
  );
  const entry = (await client.db.listOutbox()).find(({ input }) => (input as { id?: string }).id === id);
  return {
    op: 'message.send',
    // One that is not there any more was sent meanwhile, and waits for nothing.
    mutationId: entry?.mutationId ?? id,
    about: id,
    value: content,
    files,
  };
}

function someBytes(random: Random): Uint8Array<ArrayBuffer> {
  const length = random.chance(0.2) ? random.between(140_000, 200_000) : random.between(1, 4_000);
  return Uint8Array.from({ length }, () => random.between(0, 255));
}
