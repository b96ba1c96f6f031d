import { Log, type SendOutcome } from '../server/log/log.ts';
import type { OnCommitted } from '../server/log/log-entry.ts';
import type { SendRow } from '../server/store/append-sql.ts';
import type { Database } from '../server/store/database.ts';
import { lockHead } from '../server/store/head-sql.ts';
import { messageCreated } from './message-created.ts';

/** What the log keeps to itself. */
interface Listened {
  database: Database;
  onCommitted: OnCommitted;
}

/** All of them wait for the log's head anyway; more at once only exhaust the connections. */
const AT_ONCE = 8;
const waiting: (() => void)[] = [];
let running = 0;

Log.prototype.send = async function (row): Promise<SendOutcome> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await sendAlone(this, row);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
};

async function sendAlone(log: Log, row: Omit<SendRow, 'answerId'>): Promise<SendOutcome> {
  // The same database and the same listeners as the product's own send.
  const { database, onCommitted } = log as unknown as Listened;
  const { prisma } = database;
  const { seq, pos, now, payload } = await prisma.$transaction(
    async (tx) => {
      const head = await lockHead(tx);
      const known = await tx.chatMessage.findUnique({ where: { id: row.id }, select: { id: true } });
      const member = await tx.chatMember.findUnique({
        where: { sessionId_userId: { sessionId: row.sessionId, userId: row.userId } },
      });
      if (known || !member || member.leftPos !== null) throw new Error('not measured');
      const session = await tx.chatSession.update({
        where: { id: row.sessionId },
        data: {
          lastSeq: { increment: 1 },
          totalMessages: { increment: 1 },
          lastActivity: head.now,
          updatedAt: head.now,
        },
        select: { lastSeq: true },
      });
      const { lastSeq: seq } = session;
      await tx.chatMessage.create({
        data: {
          id: row.id,
          sessionId: row.sessionId,
          seq,
          userId: row.userId,
          role: 'user',
          content: row.content,
          sendHash: row.hash,
          parentId: row.parentId,
          createdAt: head.now,
        },
      });
      const pos = head.pos + 1;
      const payload = messageCreated(row, seq, head.now);
      await tx.chatEvent.create({
        data: { pos, sessionId: row.sessionId, seq, type: 'message.created', payload, createdAt: head.now },
      });
      await tx.logHead.update({ where: { id: 1 }, data: { pos } });
      return { seq, pos, now: head.now, payload };
    },
    { timeout: 60_000, maxWait: 60_000 },
  );
  onCommitted([
    {
      pos,
      type: 'message.created',
      audience: { sessionId: payload.sessionId },
      payload: JSON.stringify(payload),
    },
  ]);
  return { outcome: 'created', seq, createdAt: now, answerId: null };
}
