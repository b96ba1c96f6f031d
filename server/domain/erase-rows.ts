import type { UserId } from '../../protocol/ids.ts';
import type { Change } from '../log/change.ts';

/**
 * Deletes every row that is only about this person. What stays, under no name: their memberships, what they said, sent
 * and reacted with in others' conversations, and what the staff was told (docs/decisions).
 * @param sessionIds conversations that they are or were in, and that stay
 */
export async function eraseRows(
  { tx }: Change,
  userId: UserId,
  email: string,
  sessionIds: readonly string[],
): Promise<void> {
  const mine = { where: { userId } };
  const sessions = [...sessionIds];
  await tx.authSession.deleteMany(mine);
  await tx.authAccount.deleteMany(mine);
  await tx.authVerification.deleteMany({ where: { OR: [{ identifier: email }, { value: userId }] } });
  await tx.memory.deleteMany(mine);
  await tx.project.deleteMany({ where: { ownerId: userId } });
  await tx.draft.deleteMany(mine);
  await tx.messageFeedback.deleteMany(mine);
  await tx.messageStar.deleteMany(mine);
  await tx.sessionMine.deleteMany(mine);
  await tx.threadMark.deleteMany(mine);
  await tx.picture.deleteMany(mine);
  await tx.modelUse.deleteMany(mine);
  await tx.userPresence.deleteMany(mine);
  await tx.appliedMutation.deleteMany(mine);
  await tx.invitation.deleteMany({ where: { sessionId: { in: sessions }, createdBy: userId } });
  // Through the messages, whose conversations are known: nobody is looked up here by person alone.
  await tx.$executeRaw`
    DELETE FROM "MessageDelivery" d USING "ChatMessage" c
    WHERE c.id = d."messageId" AND c."sessionId" = ANY (${sessions}) AND d."userId" = ${userId}`;
}
