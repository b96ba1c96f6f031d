// A process that runs an embedded PostgreSQL in the directory given, for tests that kill it. Says "ready <url>" once.
import { startEmbeddedPostgres } from '../../server/store/embedded-postgres.ts';

const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', onProgress: () => {} });
console.log(`ready ${postgres.url('postgres')}`);
setInterval(() => {}, 60_000);
