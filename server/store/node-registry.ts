import type pg from 'pg';
import { StartError } from '../start-error.ts';
import { unknownMigration } from './migrate.ts';

/** What a node says of itself to the others on its database. */
export interface ServerNode {
  id: string;
  /** Version and commit. */
  release: string;
  /** Its newest migration. */
  schema: string;
  secretMark: string;
}

const BEAT_MS = 5_000;
/** A node that has said nothing for so long is gone. */
const LASTS_S = 15;

const LIVING = `
  SELECT id, release, schema, "secretMark" FROM "ServerNode"
  WHERE "seenAt" > now() - interval '${LASTS_S} seconds'`;

/**
 * Nodes of an older release would not understand what a newer one is about to make of the database. Asked under the
 * migrations' lock, before anything is changed.
 */
export async function refuseBesideOlderNodes(client: pg.ClientBase, newest: string): Promise<void> {
  const { rows: tables } = await client.query<{ table: string | null }>(
    `SELECT to_regclass('"ServerNode"')::text AS table`,
  );
  if (tables[0]?.table === null) return;
  const { rows } = await client.query<ServerNode>(`${LIVING} AND schema <> $1`, [newest]);
  const [other] = rows;
  if (!other) return;
  throw new StartError(
    `Another node (release ${other.release}) still runs on this database, which this release (migration ${newest}) would ` +
      `change under it: stop all nodes of the older release first (one that died is forgotten after ${LASTS_S} s).`,
  );
}

/** The other nodes that run on this database. */
export async function livingNodes(
  pool: pg.Pool | pg.ClientBase,
  except: string | null,
): Promise<ServerNode[]> {
  const { rows } = await pool.query<ServerNode>(`${LIVING} AND id IS DISTINCT FROM $1`, [except]);
  return rows;
}

export interface Registration {
  /** Those that were there before. */
  readonly others: readonly ServerNode[];
  /** This node is gone. Never rejects: whoever says nothing is forgotten soon. */
  leave(): Promise<void>;
}

export interface RegistrationOptions {
  onError(error: unknown): void;
  /**
   * Told at each beat from then on that a newer release has changed the database under this node, and which sentence says
   * so: it was not seen while it started, or while it stood still.
   */
  onOutdated(why: string): void;
  beatMs?: number;
}

/**
 * Enters this node among those that use the database, for as long as it says so every few seconds. Throws a StartError
 * where it can't run beside the others, or on what a newer release has made of the database meanwhile.
 */
export async function registerNode(
  pool: pg.Pool,
  node: ServerNode,
  { onError, onOutdated, beatMs = BEAT_MS }: RegistrationOptions,
): Promise<Registration> {
  const others = await livingNodes(pool, node.id);
  if (others.some(({ secretMark }) => secretMark !== node.secretMark))
    throw new StartError(
      'AUTH_SECRET differs from that of another node on this database: give all nodes the same one, for each would ' +
        "refuse the other's sign-ins.",
    );
  /** Says that this node is here, and asks for a migration that it does not know. */
  const beat = async () => {
    const { rows } = await pool.query<{ newer: string | null }>(
      `INSERT INTO "ServerNode" (id, release, schema, "secretMark") VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET "seenAt" = now()
       RETURNING (SELECT max(m.migration_name COLLATE "C") FROM "_prisma_migrations" m
         WHERE m.rolled_back_at IS NULL AND m.migration_name COLLATE "C" > $3) AS newer`,
      [node.id, node.release, node.schema, node.secretMark],
    );
    return rows[0]?.newer ?? null;
  };
  const newer = await beat();
  if (newer !== null) {
    await pool.query('DELETE FROM "ServerNode" WHERE id = $1', [node.id]);
    throw new StartError(unknownMigration(newer));
  }
  await pool.query(`DELETE FROM "ServerNode" WHERE "seenAt" < now() - interval '1 day'`);
  let beating: Promise<void> | null = null;
  const again = async () => {
    const newer = await beat();
    if (newer !== null) onOutdated(unknownMigration(newer));
  };
  const timer = setInterval(() => {
    beating ??= again()
      .catch(onError)
      .finally(() => {
        beating = null;
      });
  }, beatMs).unref();
  return {
    others,
    async leave() {
      clearInterval(timer);
      // One that is under way would enter this node again.
      await beating;
      await pool.query('DELETE FROM "ServerNode" WHERE id = $1', [node.id]).catch(() => {});
    },
  };
}
