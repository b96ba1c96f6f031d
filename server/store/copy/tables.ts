import { createHash } from 'node:crypto';
import type pg from 'pg';

/** What is of a database itself and not of its people. */
const notCopied = ['_prisma_migrations', 'ServerNode'];

export interface Table {
  name: string;
  /** Those that are not generated, in their order. */
  columns: string[];
  /** As SQL, the same on every server. */
  order: string;
}

/** All tables with their columns, by name. */
export async function listTables(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; key: string[] }>(
    `SELECT c.relname::text AS name,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       (SELECT array_agg(a.attname::text ORDER BY k.place)
        FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        WHERE i.indrelid = c.oid AND i.indisprimary) AS key
     FROM pg_class c
     WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema())) AND c.relkind = 'r' AND c.relname <> ALL ($1)
     ORDER BY c.relname COLLATE "C"`,
    [notCopied],
  );
  return rows.map(({ name, columns, key }) => ({
    name,
    columns,
    order: key.map((column) => `t.${quoted(column)}::text COLLATE "C"`).join(', '),
  }));
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Every row of a table as one line of JSON, a thousand at a time, in an order that is the same on every server. */
export async function* readLines(client: pg.ClientBase, table: Table): AsyncGenerator<string[]> {
  const columns = table.columns.map(quoted).join(', ');
  await client.query(
    `DECLARE copy CURSOR FOR SELECT row_to_json(t)::text AS line FROM (SELECT ${columns} FROM ${quoted(table.name)}) t
     ORDER BY ${table.order}`,
  );
  try {
    for (;;) {
      const { rows } = await client.query<{ line: string }>('FETCH 1000 FROM copy');
      if (rows.length === 0) return;
      yield rows.map(({ line }) => line);
    }
  } finally {
    await client.query('CLOSE copy');
  }
}

/** Count and hash of lines that pass by. */
export class LineDigest {
  rows = 0;
  #hash = createHash('sha256');

  add(lines: readonly string[]): void {
    this.rows += lines.length;
    for (const line of lines) this.#hash.update(line).update('\n');
  }

  end(): { rows: number; sha256: string } {
    return { rows: this.rows, sha256: this.#hash.digest('hex') };
  }
}

export async function digestOfTable(client: pg.ClientBase, table: Table) {
  const digest = new LineDigest();
  for await (const lines of readLines(client, table)) digest.add(lines);
  return digest.end();
}

/** So that times and numbers are written alike everywhere. */
export const plainSettings =
  "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL extra_float_digits = 1";
