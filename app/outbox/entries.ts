import { AttachmentId, MessageId, type SessionId } from '../../protocol/ids.ts';
import { type OutboxOp, outboxOps } from '../../protocol/outbox.ts';
import { inputs } from '../../protocol/procedures.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { fieldsOf, type OutboxEntry } from '../local-db/rows.ts';

/** Whether this version can send it. Another version's entry is kept and shown as what it is. */
export function isKnown(op: string): op is OutboxOp {
  return outboxOps.some((known) => known === op);
}

/** Whether it makes something anew, of which there is nothing else to be shown. */
export function isMaking(op: string): boolean {
  return op === 'session.create' || op === 'project.create' || op === 'memory.add';
}

/** Whether the server may hold it although no answer came. */
export function mayHaveArrived(entry: OutboxEntry): boolean {
  return entry.state === 'queued' && entry.attempts > 0;
}

/** The message that a stored send is about. */
export function idOf(entry: OutboxEntry): MessageId | null {
  return MessageId.safeParse(fieldsOf(entry.input).id).data ?? null;
}

/** The files that a stored send takes along. */
export function attachmentIdsOf(entry: Pick<OutboxEntry, 'op' | 'input'>): AttachmentId[] {
  if (entry.op !== 'message.send') return [];
  const { attachmentIds } = fieldsOf(entry.input);
  return Array.isArray(attachmentIds)
    ? attachmentIds.flatMap((id) => AttachmentId.safeParse(id).data ?? [])
    : [];
}

/** The message that a change is about, where it is about one. */
export function messageOf(input: unknown): unknown {
  return fieldsOf(input).messageId;
}

/** The words of a stored send or edit. */
export function contentOf(entry: OutboxEntry): string | null {
  const { content } = fieldsOf(entry.input);
  return typeof content === 'string' ? content : null;
}

/** Whether this changes the words of a message that may itself still wait. */
export function isEditOf(entry: OutboxEntry, id: MessageId): boolean {
  return entry.op === 'message.edit' && messageOf(entry.input) === id;
}

/** The conversation that a change belongs to, also when it names only a message. */
export async function sessionOf(db: LocalDb, input: object): Promise<SessionId | null> {
  // Parsed by its schema a moment ago: these are ids where they are there.
  const { sessionId, messageId, id, sessionType } = input as {
    sessionId?: SessionId;
    messageId?: MessageId;
    id?: SessionId;
    sessionType?: string;
  };
  if (sessionId) return sessionId;
  if (sessionType && id) return id;
  return messageId ? ((await db.getMessage(messageId))?.sessionId ?? null) : null;
}

/** What two of a kind come to when the second is stored while the first still waits: marks and drafts only move forward. */
export function supersede(op: OutboxOp, earlier: unknown, later: unknown): unknown {
  if (op === 'thread.read') {
    const marks = inputs[op];
    const [a, b] = [marks.safeParse(earlier), marks.safeParse(later)];
    return a.success && b.success ? { ...b.data, readSeq: Math.max(a.data.readSeq, b.data.readSeq) } : later;
  }
  if (op === 'draft.set') {
    const drafts = inputs[op];
    const [a, b] = [drafts.safeParse(earlier), drafts.safeParse(later)];
    return a.success && b.success && a.data.at > b.data.at ? earlier : later;
  }
  if (op !== 'receipt.mark') return later;
  const marks = inputs[op];
  const [a, b] = [marks.safeParse(earlier), marks.safeParse(later)];
  if (!a.success || !b.success) return later;
  const furthest = (x?: number, y?: number) => (x === undefined ? y : Math.max(x, y ?? 0));
  return {
    ...b.data,
    readSeq: furthest(a.data.readSeq, b.data.readSeq),
    deliveredSeq: furthest(a.data.deliveredSeq, b.data.deliveredSeq),
  };
}
