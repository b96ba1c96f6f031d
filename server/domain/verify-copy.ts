import { fingerprintOf } from '../../protocol/fingerprint.ts';
import type { Verification } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { Tx } from '../store/prisma-types.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { listFormerMembers } from './former-members.ts';
import { messageParts, toChatMessage } from './shapes.ts';

type Asked = Parsed<'sync.verify'>['sessions'][number];
type Answered = Verification['sessions'][number];

/**
 * Compares what a device holds with what is stored, by fingerprints of blocks of seqs, and answers with the rows of
 * the blocks that differ: a planted gap is noticed and mended by one request. Reads as much as it is asked to compare.
 */
export function verifyCopy(
  deps: DomainDeps,
  account: Account,
  { sessions }: Parsed<'sync.verify'>,
): Promise<Verification> {
  return deps.database.prisma.$transaction(
    async (tx) => {
      const answers: Answered[] = [];
      for (const asked of sessions) answers.push(await verifyOne(tx, account, asked));
      const ids = sessions.map(({ sessionId }) => sessionId);
      const former = await listFormerMembers(tx, account.userId, ids);
      return { at: new Date().toISOString(), sessions: answers, former };
    },
    { isolationLevel: 'RepeatableRead', timeout: 20_000, maxWait: 10_000 },
  );
}

async function verifyOne(tx: Tx, { userId }: Account, asked: Asked): Promise<Answered> {
  const { sessionId } = asked;
  const member = await tx.chatMember.findUnique({
    where: { sessionId_userId: { sessionId, userId } },
    include: { session: { select: { lastSeq: true } } },
  });
  if (!member || member.leftPos !== null) return { sessionId, state: 'gone', blocks: [] };
  if (member.session.lastSeq !== asked.lastSeq) return { sessionId, state: 'moved', blocks: [] };
  const blocks: Answered['blocks'] = [];
  for (const { from, to, fingerprint } of asked.blocks) {
    const rows = await tx.chatMessage.findMany({
      where: { sessionId, seq: { gte: Math.max(from, member.joinSeq), lte: to } },
      orderBy: { seq: 'asc' },
      include: messageParts(userId),
    });
    const messages = rows.map(toChatMessage);
    if (fingerprintOf(messages) !== fingerprint) blocks.push({ from, to, messages });
  }
  return { sessionId, state: blocks.length > 0 ? 'differs' : 'same', blocks };
}
