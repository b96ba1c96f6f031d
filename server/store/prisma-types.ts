import type { Prisma, PrismaClient } from './generated/client.ts';

export type { Prisma, PrismaClient };

/** Prisma inside a transaction: what a change of the log hands to the verb that makes it. */
export type Tx = Prisma.TransactionClient;
