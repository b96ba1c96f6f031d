import type pg from 'pg';
import { StartError } from '../start-error.ts';

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

/** Enters this node among those that use the database, for as long as it says so every few seconds. */
export async function registerNode(
  pool: pg.Pool,
  node: ServerNode,
  onError: (error: unknown) => void,
): Promise<Registration> {
  const others = await livingNodes(pool, node.id);
  if (others.some(({ secretMark }) => secretMark !== node.secretMark))
    throw new StartError(
      'AUTH_SECRET differs from that of another node on this database: give all nodes the same one, for each would ' +
        "refuse the other's sign-ins.",
    );
  const beat = () =>
    pool.query(
      `INSERT INTO "ServerNode" (id, release, schema, "secretMark") VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET "seenAt" = now()`,
      [node.id, node.release, node.schema, node.secretMark],
    );
  await beat();
  await pool.query(`DELETE FROM "ServerNode" WHERE "seenAt" < now() - interval '1 day'`);
  const timer = setInterval(() => void beat().catch(onError), BEAT_MS).unref();
  return {
    others,
    async leave() {
      clearInterval(timer);
      await pool.query('DELETE FROM "ServerNode" WHERE id = $1', [node.id]).catch(() => {});
    },
  };
}
