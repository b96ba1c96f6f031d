/** SQLSTATEs of a server that is starting, stopping, full, read-only after a failover, or held up by somebody. */
const passing = /^(08|57P|53|25006|25P03|55P03|57014|40001|40P01)/;
const unreachable = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|ENOTFOUND|EAI_AGAIN)/;
/** Prisma's own: can't reach, timed out, closed the connection, no connection of the pool, no transaction in time. */
const ofPrisma = /^(P1001|P1002|P1008|P1017|P2024|P2028)$/;
/** What `pg` and its pool throw without a code. */
const said =
  /Connection terminated|connection timeout|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|not queryable|Can't reach database/i;

/** Whether a statement failed because the database is away, or was for a moment: the same may work a little later. */
export function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false;
  const { code, meta } = error as Error & { code?: unknown; meta?: { driverAdapterError?: unknown } };
  if (typeof code === 'string' && (passing.test(code) || unreachable.test(code) || ofPrisma.test(code)))
    return true;
  if (said.test(error.message)) return true;
  return isDatabaseAway(error.cause, depth + 1) || isDatabaseAway(meta?.driverAdapterError, depth + 1);
}
