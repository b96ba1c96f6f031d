import { Log, type SendOutcome } from '../server/log/log.ts';
import { lockHead } from '../server/store/head-sql.ts';
import { messageCreated } from './message-created.ts';

Log.prototype.send = async function (row): Promise<SendOutcome> {
  // The same database and the same listeners as the product's own send.
  const { prisma } = this['database'];
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
  this['onCommitted']([
    {
      pos,
      type: 'message.created',
      audience: { sessionId: payload.sessionId },
      payload: JSON.stringify(payload),
    },
  ]);
  return { outcome: 'created', seq, createdAt: now, answerId: null };
};
