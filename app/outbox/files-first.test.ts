import { beforeEach, describe, expect, it } from 'vitest';
import {
  type MessageId,
  newAttachmentId,
  newMessageId,
  newSessionId,
  newUserId,
} from '../../protocol/ids.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import { acknowledgeSends, outboxOn } from '../../tests/support/outbox.ts';
import { LocalDb } from '../local-db/local-db.ts';
import type { Outbox } from './outbox.ts';

let db: LocalDb;
let outbox: Outbox;
let pushed: OutboxMutation[];
let without: Set<MessageId>;

beforeEach(async () => {
  db = await LocalDb.open(newUserId());
  pushed = [];
  without = new Set();
  outbox = outboxOn(db, {
    push: async (mutations) => {
      pushed.push(...mutations);
      return acknowledgeSends(mutations);
    },
    waitsForFiles: async () => without,
  });
});

const contents = () => pushed.map(({ input }) => (input as { content: string }).content);

describe('a message with files', () => {
  it('goes once they are there; what was written behind it waits with it, other conversations do not (invariant 4)', async () => {
    const [here, there, id] = [newSessionId(), newSessionId(), newMessageId()];
    without.add(id);
    const attachmentIds = [newAttachmentId()];
    await outbox.enqueue('message.send', { id, sessionId: here, content: 'photo', attachmentIds });
    await outbox.enqueue('message.send', { id: newMessageId(), sessionId: here, content: 'behind it' });
    await outbox.enqueue('message.send', { id: newMessageId(), sessionId: there, content: 'elsewhere' });
    await outbox.drain();
    expect(contents()).toEqual(['elsewhere']);
    without.clear();
    await outbox.drain();
    expect(contents()).toEqual(['elsewhere', 'photo', 'behind it']);
  });

  it('is forwarded only behind itself, and so is what follows there', async () => {
    const [here, there, id] = [newSessionId(), newSessionId(), newMessageId()];
    const forwarded = newMessageId();
    without.add(id);
    await outbox.enqueue('message.send', {
      id,
      sessionId: here,
      content: 'photo',
      attachmentIds: [newAttachmentId()],
    });
    await outbox.enqueue('message.forward', { id: forwarded, messageId: id, sessionId: there });
    await outbox.enqueue('message.send', { id: newMessageId(), sessionId: there, content: 'behind it' });
    await outbox.drain();
    expect(pushed).toEqual([]);
    without.clear();
    await outbox.drain();
    expect(pushed.map(({ op }) => op)).toEqual(['message.send', 'message.forward', 'message.send']);
  });

  it('holds back the forward of a message that waits behind it, and what follows there (invariant 4)', async () => {
    const [here, there, id, behind] = [newSessionId(), newSessionId(), newMessageId(), newMessageId()];
    without.add(id);
    const attachmentIds = [newAttachmentId()];
    await outbox.enqueue('message.send', { id, sessionId: here, content: 'photo', attachmentIds });
    await outbox.enqueue('message.send', { id: behind, sessionId: here, content: 'behind it' });
    await outbox.enqueue('message.forward', { id: newMessageId(), messageId: behind, sessionId: there });
    await outbox.drain();
    expect(pushed).toEqual([]);
    without.clear();
    await outbox.drain();
    expect(pushed.map(({ op }) => op)).toEqual(['message.send', 'message.send', 'message.forward']);
  });

  it('is shown with them at once, and stays with a reason when one is refused (invariant 5)', async () => {
    const [sessionId, id] = [newSessionId(), newMessageId()];
    without.add(id);
    const file = { id: newAttachmentId(), name: 'a.bin', mimeType: 'application/octet-stream', bytes: 3 };
    const shown = { ...file, width: null, height: null, preview: null, hasThumbnail: false };
    const message = { id, sessionId, content: '', attachmentIds: [file.id] };
    await outbox.enqueue('message.send', message, { attachments: [shown] });
    expect((await db.getMessage(id))?.attachments).toEqual([shown]);
    await outbox.refuse(id, { reason: 'INVALID_INPUT', message: '“a.bin” is a program.', retryable: false });
    await outbox.drain();
    expect(pushed).toEqual([]);
    expect((await db.getMessage(id))?.local).toMatchObject({
      state: 'failed',
      error: { message: '“a.bin” is a program.' },
    });
  });
});
