/** SQLSTATEs of a server that is starting, stopping, full, read-only after a failover, or held up by somebody. */
const passing = /^(08|57P|53|25006|25P03|55P03|57014|40001|40P01)/;
const unreachable = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|ENOTFOUND|EAI_AGAIN)/;
/** Prisma's own: can't reach, timed out, closed the connection, no connection of the pool, no transaction in time. */
const ofPrisma = /^(P1001|P1002|P1008|P1017|P2024|P2028)$/;
/** What `pg` and its pool throw without a code. */
const said =
  /Connection terminated|connection timeout|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|not queryable|Can't reach database/i;

/** What may tell: an error of `pg`, of its pool, of Prisma, or the mere object in which Prisma's adapter keeps the first. */
interface Telling {
  code?: unknown;
  message?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
  /** The SQLSTATE, where the adapter has put something of its own in the place of `code`. */
  originalCode?: unknown;
}

/** Whether a statement failed because the database is away, or was for a moment: the same may work a little later. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof Error && tells(error);
}

function tells(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 4) return false;
  const { code, originalCode, message, cause, meta }: Telling = error;
  if (isPassing(code) || isPassing(originalCode)) return true;
  if (typeof message === 'string' && said.test(message)) return true;
  return tells(cause, depth + 1) || tells(meta?.driverAdapterError, depth + 1);
}

const isPassing = (code: unknown) =>
  typeof code === 'string' && (passing.test(code) || unreachable.test(code) || ofPrisma.test(code));
