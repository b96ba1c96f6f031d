import { ChatError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { requireLiving, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import { requireStorable } from './content.ts';
import type { DomainDeps } from './deps.ts';
import { learnFromFeedback } from './learn-from-feedback.ts';
import { once } from './once.ts';
import { removeBytes } from './stored-bytes.ts';
import { turnBack } from './turn-back.ts';
import { unlearn } from './unlearn.ts';

export interface ChangedMessage {
  messageId: string;
  sessionId: string;
  seq: number | null;
  duplicate: boolean;
}

/** The author changes the words. */
export function editMessage(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.edit'>,
): Promise<ChangedMessage> {
  const { messageId, content } = input;
  requireStorable(content);
  return once(deps.log, account, 'message.edit', input, async (change) => {
    const { message, sessionId } = await requireMessage(change.tx, messageId, account.userId);
    if (message.userId !== account.userId)
      throw new ChatError('FORBIDDEN', 'You can only edit your own messages.');
    requireLiving(message);
    await change.tx.chatMessage.update({ where: { id: messageId }, data: { content, editedAt: change.now } });
    await unlearn(change, message);
    const { seq } = await change.append(sessionId, {
      type: 'message.edited',
      messageId,
      content,
      at: change.at,
    });
    await change.tx.messageEdit.create({
      data: { messageId, seq, content: message.content, until: change.now },
    });
    return { messageId, sessionId, seq };
  });
}

/**
 * Deletes for everyone: a tombstone stays, the bytes of its files go. The words also leave the log, so that a device
 * which catches up later never sees them. One that is taken back at once, before anybody else has read it, leaves no
 * tombstone on screen.
 */
export async function deleteMessage(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.delete'>,
): Promise<ChangedMessage> {
  const { messageId, undo } = input;
  const files: { id: string; bytesId: string | null }[] = [];
  const deleted = await once(deps.log, account, 'message.delete', input, async (change) => {
    const { tx } = change;
    const { message, member, sessionId } = await requireMessage(tx, messageId, account.userId);
    if (message.userId !== account.userId && member.role !== 'owner') {
      throw new ChatError(
        'FORBIDDEN',
        'Only its author or the owner of the conversation may delete a message.',
      );
    }
    requireLiving(message);
    if (message.turn && (message.turn.status === 'queued' || message.turn.status === 'streaming')) {
      throw new ChatError('CONFLICT', 'This answer is still being written. Stop it first.');
    }
    const withdrawn =
      undo === true &&
      message.userId === account.userId &&
      change.now.getTime() - message.createdAt.getTime() <= limits.undoSendMs &&
      (await tx.chatMember.findFirst({
        where: {
          sessionId,
          userId: { not: account.userId },
          role: { not: 'agent' },
          // As its author sees it: whether it vanishes must not tell who reads in hiding.
          shownReadSeq: { gte: message.seq },
        },
      })) === null;
    await tx.chatMessage.update({
      where: { id: messageId },
      data: { content: '', fileNames: '', deletedAt: change.now, pinnedAt: null, withdrawn },
    });
    await tx.messageEdit.deleteMany({ where: { messageId } });
    await tx.messageStar.deleteMany({ where: { messageId } });
    await tx.agentTurn.updateMany({ where: { messageId }, data: { checkpoint: '', kept: '' } });
    await tx.reaction.deleteMany({ where: { messageId } });
    await tx.messageFeedback.deleteMany({ where: { messageId } });
    await unlearn(change, message);
    files.push(
      ...(await tx.attachment.findMany({ where: { messageId }, select: { id: true, bytesId: true } })),
    );
    await tx.attachment.deleteMany({ where: { messageId } });
    await tx.$executeRaw`
      UPDATE "ChatEvent" SET payload = (CASE type
        WHEN 'message.created' THEN jsonb_set(jsonb_set(payload::jsonb, '{message,content}', '""'),
          '{message,attachments}', '[]')
        ELSE jsonb_set(payload::jsonb, '{content}', '""') END)::json
      WHERE "sessionId" = ${sessionId} AND seq >= ${message.seq} AND (
        (type = 'message.created' AND seq = ${message.seq}) OR
        (type IN ('message.edited', 'message.completed') AND payload->>'messageId' = ${messageId}))`;
    const { seq } = await change.append(sessionId, {
      type: 'message.deleted',
      messageId,
      at: change.at,
      withdrawn,
    });
    if (undo) await turnBack(change, message, withdrawn);
    return { messageId, sessionId, seq };
  });
  // Only once nothing can bring the message back. Should this process die right here, a sweep finds them.
  await removeBytes(deps, files);
  return deleted;
}

/** Puts on or takes off one's own emoji. Saying again what already is so changes nothing. */
export function reactToMessage(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.react'>,
): Promise<ChangedMessage> {
  const { messageId, emoji, on } = input;
  const { userId } = account;
  return once(deps.log, account, 'message.react', input, async (change) => {
    const { tx } = change;
    const { message, sessionId } = await requireMessage(tx, messageId, userId);
    requireLiving(message);
    const key = { messageId_userId_emoji: { messageId, userId, emoji } };
    const isOn = (await tx.reaction.findUnique({ where: key })) !== null;
    if (isOn === on) return { messageId, sessionId, seq: null };
    if (on) await tx.reaction.create({ data: { messageId, userId, emoji, createdAt: change.now } });
    else await tx.reaction.delete({ where: key });
    const { seq } = await change.append(sessionId, {
      type: 'reaction.changed',
      messageId,
      emoji,
      userId,
      on,
    });
    return { messageId, sessionId, seq };
  });
}

/** Likes or dislikes an answer, for oneself; null takes it back. */
export function giveFeedback(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.feedback'>,
): Promise<ChangedMessage> {
  const { messageId, value, reason } = input;
  const { userId } = account;
  return once(deps.log, account, 'message.feedback', input, async (change) => {
    const { message, sessionId } = await requireMessage(change.tx, messageId, userId);
    requireLiving(message);
    if (message.role !== 'assistant') {
      throw new ChatError(
        'CONFLICT',
        "Only Agent Jay's answers can be liked or disliked. React with an emoji instead.",
      );
    }
    const statePos = change.stamp({ userId }, { type: 'feedback', sessionId, messageId, value });
    const row = { value, reason: reason ?? null, statePos };
    await learnFromFeedback(change, userId, { messageId, sessionId, value, reason: reason ?? '' });
    await change.tx.messageFeedback.upsert({
      where: { messageId_userId: { messageId, userId } },
      create: { messageId, userId, ...row },
      update: row,
    });
    return { messageId, sessionId, seq: null };
  });
}
