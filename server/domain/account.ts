import { ChatError } from '../../protocol/errors.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { Reader } from './deps.ts';

/** Who is asking: the owner of the auth session that came with the request. */
export interface Account {
  userId: UserId;
  authSessionId: string;
  isGuest: boolean;
  role: 'student' | 'consultant' | 'admin';
}

export const notSignedIn = () =>
  new ChatError('UNAUTHENTICATED', 'You are not signed in, or no longer. Sign in and try again.');
export const accountGone = () =>
  new ChatError('UNAUTHENTICATED', 'This account no longer exists. Sign in again.');

/** Within the change that writes: a request that came in before a deletion must not leave anything after it. */
export async function requireAccount(reader: Reader, userId: UserId): Promise<void> {
  const living = await reader.user.findUnique({
    where: { id: userId, deletedAt: null },
    select: { id: true },
  });
  if (!living) throw accountGone();
}
