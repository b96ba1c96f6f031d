import type { Log } from '../log/log.ts';
import type { Database } from '../store/database.ts';
import type { Prisma } from '../store/prisma-types.ts';

/** What every verb works with. */
export interface DomainDeps {
  database: Database;
  log: Log;
  publicUrl: string;
  /** Recognises a message that speaks to Agent Jay by name. */
  mentionsAgent(content: string): boolean;
}

/** Reads may happen inside a change or outside of one. */
export type Reader = Database['prisma'] | Prisma.TransactionClient;
