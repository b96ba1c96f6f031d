import type { UploadFiles } from '../files/upload-files.ts';
import type { Log } from '../log/log.ts';
import type { Database } from '../store/database.ts';
import type { Prisma } from '../store/prisma-types.ts';

/** What every verb works with. */
export interface DomainDeps {
  database: Database;
  log: Log;
  publicUrl: string;
  /** The bytes of attachments. */
  uploads: UploadFiles;
  /** Looks at one file at a time. */
  fileQueue<T>(work: () => Promise<T>): Promise<T>;
  /** Recognises a message that speaks to Agent Jay by name. */
  mentionsAgent(content: string): boolean;
}

/** Reads may happen inside a change or outside of one. */
export type Reader = Database['prisma'] | Prisma.TransactionClient;
