import type { Account } from '../domain/account.ts';

export interface TrpcContext {
  /** Null when nobody is signed in. */
  account: (Account & { expiresAt: Date }) | null;
  requestId: string;
  ip: string;
}
