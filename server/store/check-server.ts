import pg from 'pg';
import { StartError } from '../start-error.ts';
import { Prisma } from './generated/client.ts';

const OLDEST_MAJOR = 15;
/** All tables of this release, of which an older database lacks some; others of that schema are none of our business. */
const ours = ['_prisma_migrations', ...Object.values(Prisma.ModelName)];

/** The server and the user that we are given, before anything is changed there. Throws a StartError. */
export async function checkServer(client: pg.ClientBase, description: string): Promise<void> {
  const { rows } = await client.query<{
    version: number;
    shown: string;
    readOnly: boolean;
    schema: string | null;
    user: string;
    mayCreate: boolean;
    barred: string | null;
    encoding: string;
    foreign: string | null;
  }>(
    `
    SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS shown,
      pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS "readOnly",
      current_schema() AS schema, current_user AS "user",
      coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreate",
      getdatabaseencoding() AS encoding,
      (SELECT c.relname FROM pg_class c
       WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema())) AND c.relkind = 'r'
         AND c.relname = ANY ($1) AND to_regclass('"_prisma_migrations"') IS NULL
       ORDER BY c.relname LIMIT 1) AS "foreign",
      (SELECT c.relname FROM pg_class c
       WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema())) AND c.relkind = 'r'
         AND c.relname = ANY ($1)
         AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
           AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
       ORDER BY c.relname LIMIT 1) AS barred`,
    [ours],
  );
  const [found] = rows;
  if (!found) throw new Error('PostgreSQL said nothing about itself');
  const { version, shown, readOnly, schema, user, mayCreate, barred, encoding, foreign } = found;
  if (version < OLDEST_MAJOR * 10_000)
    throw new StartError(
      `The database (${description}) is PostgreSQL ${shown}: this version takes ${OLDEST_MAJOR} or newer.`,
    );
  if (readOnly)
    throw new StartError(
      `The database (${description}) is read-only, as a standby is: point DATABASE_URL at the primary.`,
    );
  if (encoding !== 'UTF8')
    throw new StartError(
      `The database (${description}) keeps text as ${encoding}, which does not hold what people write: create one with ENCODING 'UTF8'.`,
    );
  if (foreign !== null)
    throw new StartError(
      `The database (${description}) has a table "${foreign}" of another program: name an empty database in DATABASE_URL.`,
    );
  if (schema === null || !mayCreate)
    throw new StartError(
      `The database (${description}) lets "${user}" create no tables: GRANT CREATE ON SCHEMA ${schema ?? 'public'} to that user.`,
    );
  if (barred !== null)
    throw new StartError(
      `The database (${description}) lets "${user}" not read and write "${barred}": start as the user who owns the tables, or grant that.`,
    );
}

/** Why a server that DATABASE_URL names can't be used, as a sentence. Never holds a password. */
export function whyNot(error: unknown, description: string, user: string): StartError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  if (code === '28P01' || code === '28000' || /password must be a string|SASL/i.test(message))
    return new StartError(
      `The database (${description}) does not let "${user}" in (${message}): mend the user and password in DATABASE_URL.`,
    );
  if (code === '3D000')
    return new StartError(
      `The database (${description}) does not exist there: create it, or name another in DATABASE_URL.`,
    );
  if (code === '42501')
    return new StartError(
      `The database (${description}) does not allow "${user}" what is needed (${message}): grant it, or start as the tables' owner.`,
    );
  return new StartError(
    `The database (${description}) can't be used (${message || code || 'no answer'}): check DATABASE_URL and that server.`,
  );
}

/** Whether PostgreSQL, or the way there, refused: nothing that this program did wrong. */
export function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return error instanceof pg.DatabaseError && /^(28|3D000|42501)/.test(code);
}
