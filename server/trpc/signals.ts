import type { Parsed } from '../../protocol/procedures.ts';
import { requireMember } from '../domain/access.ts';
import type { Account } from '../domain/account.ts';
import { showsTyping } from '../domain/privacy.ts';
import type { Services } from './services.ts';

/** Says that somebody types, or no longer; of whoever hides it only the latter. */
export async function setTyping(
  { domain, typing }: Services,
  { userId }: Account,
  { sessionId, isTyping }: Parsed<'typing.set'>,
): Promise<{ ok: true }> {
  await requireMember(domain.database.prisma, sessionId, userId);
  typing.set(sessionId, userId, isTyping && (await showsTyping(domain, userId)));
  return { ok: true };
}

/** Says how present somebody is on the device that this auth session is of. */
export function setPresence(
  { presence }: Services,
  { userId, authSessionId }: Account,
  input: Parsed<'presence.set'>,
): { ok: true } {
  presence.say(userId, authSessionId, input);
  return { ok: true };
}
