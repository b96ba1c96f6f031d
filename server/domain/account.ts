import type { UserId } from '../../protocol/ids.ts';

/** Who is asking: the owner of the auth session that came with the request. */
export interface Account {
  userId: UserId;
  authSessionId: string;
  isGuest: boolean;
  role: 'student' | 'consultant' | 'admin';
}
