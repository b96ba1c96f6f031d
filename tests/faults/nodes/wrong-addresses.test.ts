import { pino } from 'pino';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis } from '../../../server/redis.ts';
import { StartError } from '../../../server/start-error.ts';
import { openDatabase } from '../../../server/store/database.ts';
import { freePort } from '../../support/free-port.ts';
import { type PostgresServer, packagedPostgres, startPostgres } from './postgres-server.ts';
import { type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';

/** Why the start stops: one sentence for whoever runs it. */
async function complaint(start: () => Promise<unknown>): Promise<string> {
  const error = await start().catch((thrown: unknown) => thrown);
  if (!(error instanceof StartError)) throw new Error(`It started, or broke: ${error}`);
  expect(error.message).not.toContain('hunter2');
  return error.message;
}

describe('a DATABASE_URL stops the start with one sentence', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres(packagedPostgres());
  }, 60_000);
  afterAll(() => postgres.stop());

  const open = (change: (url: URL) => void) => () => {
    const url = new URL(postgres.url);
    change(url);
    return openDatabase({ url: url.href, dataDir: '', onProgress: () => {} });
  };

  it('whose password is wrong, or whose user is unknown, without telling the password', async () => {
    const sentence =
      /^The database \(.*\) does not let "\w+" in \(.*\): mend the user and password in DATABASE_URL\.$/;
    const wrong = open((url) => {
      url.password = 'hunter2';
    });
    expect(await complaint(wrong)).toMatch(sentence);
    const unknown = open((url) => {
      [url.username, url.password] = ['nobody', 'hunter2'];
    });
    expect(await complaint(unknown)).toMatch(sentence);
  });

  it('where nothing listens', async () => {
    const port = await freePort();
    const nowhere = open((url) => {
      [url.port, url.password] = [String(port), 'hunter2'];
    });
    expect(await complaint(nowhere)).toMatch(
      /^The database \(.*\) can't be used \(.*\): check DATABASE_URL and/,
    );
  });
});

const missing = whyNoRedis();

describe.skipIf(missing !== null)(
  `a REDIS_URL stops the start with one sentence${missing ? ` (${missing})` : ''}`,
  () => {
    const connect = (url: string) => () => connectRedis(url, pino({ level: 'silent' }));

    it('where nothing listens', async () => {
      const port = await freePort();
      expect(await complaint(connect(`redis://:hunter2@127.0.0.1:${port}`))).toMatch(
        new RegExp(`^REDIS_URL names Redis at 127\\.0\\.0\\.1:${port}, which can't be reached \\(`),
      );
    });

    it('whose password is missing or wrong, without telling it', async () => {
      const redis: RedisServer = await startRedis();
      if (!redis.part) return;
      try {
        const client = createClient({ url: redis.url });
        await client.connect();
        await client.configSet('requirepass', 'right');
        client.destroy();
        for (const url of [redis.url, redis.url.replace('redis://', 'redis://:hunter2@')])
          expect(await complaint(connect(url))).toMatch(
            /^REDIS_URL names Redis at .*, which does not accept its user and password: mend them there\.$/,
          );
      } finally {
        await redis.stop();
      }
    });

    it('whose user may not speak to the other nodes, or not hear them', async () => {
      const redis: RedisServer = await startRedis();
      if (!redis.part) return;
      const rights = { mute: ['+@all', '-publish', '&*'], deaf: ['+@all', 'resetchannels'], idle: ['+get'] };
      try {
        const client = createClient({ url: redis.url });
        await client.connect();
        for (const [user, may] of Object.entries(rights)) {
          await client.aclSetUser(user, ['on', '>hunter2', '~*', ...may]);
          expect(await complaint(connect(redis.url.replace('//', `//${user}:hunter2@`)))).toMatch(
            /^REDIS_URL names Redis at .*, which does not allow its user what is needed \(.*\): allow it to publish and/,
          );
        }
        await client.aclSetUser('able', ['on', '>hunter2', '~jstar:*', '&jstar:*', '+@all']);
        client.destroy();
        const able = await connectRedis(
          redis.url.replace('//', '//able:hunter2@'),
          pino({ level: 'silent' }),
        );
        able.close();
      } finally {
        await redis.stop();
      }
    });
  },
);
