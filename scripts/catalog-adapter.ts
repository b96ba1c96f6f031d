import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

// PostgreSQL's catalog is full of columns of type "char" (one byte), which Prisma's adapter refuses to read and its
// schema engine wants as characters. The pool passes them off as text; the adapter then says what they were.
const CHAR = 18;
const { TEXT } = pg.types.builtins;

/** A `PrismaPg` that can also read the system catalog, as the schema engine must. Owns its pool: close it. */
export class CatalogAdapter extends PrismaPg {
  readonly #pool: pg.Pool;
  readonly #characters = new WeakMap<unknown[], number[]>();

  constructor(url: string) {
    const pool = new pg.Pool({ connectionString: url });
    super(pool);
    this.#pool = pool;
    const query = pool.query.bind(pool) as (config: pg.QueryConfig) => Promise<pg.QueryResult>; // the overload used
    const readable = async (config: pg.QueryConfig) => {
      const result = await query(config);
      const found =
        result.fields?.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR ? [index] : [])) ?? [];
      for (const index of found) Object.assign(result.fields[index] ?? {}, { dataTypeID: TEXT });
      if (found.length > 0) this.#characters.set(result.rows, found);
      return result;
    };
    Object.assign(pool, { query: readable });
  }

  override async connect() {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      for (const index of this.#characters.get(result.rows) ?? []) {
        result.columnTypes[index] = ColumnTypeEnum.Character;
      }
      return result;
    };
    return adapter;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
