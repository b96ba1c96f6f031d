import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
// The package's own entry imports its .wasm, which Node can't: take the bindings and instantiate it here.
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { CatalogAdapter } from './catalog-adapter.ts';

/**
 * The SQL that would bring the database at `url` to `schema`, empty where nothing differs. Functions, triggers and
 * other things that a Prisma schema can't express are not looked at.
 */
export async function schemaDiff(options: { url: string; schema: string }): Promise<string> {
  instantiated ??= instantiate();
  await instantiated;
  const file = { path: 'schema.prisma', content: options.schema };
  const catalog = new CatalogAdapter(options.url);
  const adapters = bindMigrationAwareSqlAdapterFactory(catalog);
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [[file.path, file.content]] },
    () => {},
    adapters,
  );
  try {
    const result = await engine.diff({
      from: { tag: 'schemaDatasource', files: [file], configDir: '.' },
      to: { tag: 'schemaDatamodel', files: [file] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return withoutHandWritten((result.stdout ?? '').replace('-- This is an empty migration.', '').trim());
  } finally {
    await catalog.close();
  }
}

/** What migrations make by hand because a Prisma schema can't say it: it is not to be taken away again. */
const handWritten = [
  /^DROP INDEX "ChatMessage_search";$/m,
  // A generated column looks like one with a default.
  /^ALTER TABLE "ChatMessage" ALTER COLUMN "words" DROP DEFAULT;$/m,
];

function withoutHandWritten(sql: string): string {
  const statements = sql.split('\n\n');
  return statements.filter((one) => !handWritten.some((pattern) => pattern.test(one))).join('\n\n');
}

// Once: the bindings keep views of the first instance's memory.
let instantiated: Promise<void> | null = null;

async function instantiate(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = readFileSync(join(dirname(entry), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': bindings as unknown as WebAssembly.ModuleImports, // its functions are what the .wasm imports
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)(); // typed so in schema_engine_bg.wasm.d.ts
}
