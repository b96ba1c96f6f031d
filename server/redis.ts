import type { Logger } from 'pino';
import { createClient, type RedisClientType } from 'redis';
import { StartError } from './start-error.ts';

export interface RedisConnections {
  /** Sends commands; refuses them at once while it is not connected. */
  readonly publisher: RedisClientType;
  /** Listens. */
  readonly subscriber: RedisClientType;
  /** For people: which server, never a password. */
  readonly description: string;
  close(): void;
}

const CONNECT_MS = 5_000;
/** Nothing that is asked of it is worth more: a count of requests is then kept by this node alone. */
const COMMAND_MS = 1_000;
/** A server that answers nothing for so long counts as away: the connection is made anew. */
const SILENCE_MS = 3_000;
/** Named as those of the bus are, for rights are given by the beginning of a name. */
const TRIED_CHANNEL = 'jstar:start';

/**
 * Two connections to Redis (or Valkey), both back by themselves after an outage. Throws a StartError when it can't be
 * reached at the start: a node that nobody hears is better not begun.
 */
export async function connectRedis(url: string, log: Logger): Promise<RedisConnections> {
  const description = `Redis at ${new URL(url).hostname}:${new URL(url).port || '6379'}`;
  let isStarting = true;
  const connect = async (): Promise<RedisClientType> => {
    const client: RedisClientType = createClient({
      url,
      RESP: 3,
      disableOfflineQueue: true,
      commandsQueueMaxLength: 10_000,
      pingInterval: 1_000,
      commandOptions: { timeout: COMMAND_MS },
      socket: {
        connectTimeout: CONNECT_MS,
        socketTimeout: SILENCE_MS,
        reconnectStrategy: (retries) =>
          isStarting ? false : Math.min(50 * 2 ** Math.min(retries, 5), 1_000),
      },
    }) as RedisClientType; // its generics name the same protocol and no modules
    let isAway = false;
    client.on('error', (error: Error) => {
      if (!isAway && !isStarting) log.warn({ err: error }, `${description} is away`);
      isAway = true;
    });
    client.on('ready', () => {
      if (isAway) log.info(`${description} is back`);
      isAway = false;
    });
    await client.connect();
    return client;
  };
  try {
    const [publisher, subscriber] = [await connect(), await connect()];
    await tryOut(publisher, subscriber);
    isStarting = false;
    return {
      publisher,
      subscriber,
      description,
      close() {
        publisher.destroy();
        subscriber.destroy();
      },
    };
  } catch (error) {
    throw new StartError(sentenceFor(description, error));
  }
}

/** A node whose user may not speak, or not listen, would run on unheard: that is to stop the start. */
async function tryOut(publisher: RedisClientType, subscriber: RedisClientType): Promise<void> {
  await subscriber.subscribe(TRIED_CHANNEL, () => {});
  await publisher.publish(TRIED_CHANNEL, '');
  await subscriber.unsubscribe(TRIED_CHANNEL);
}

function sentenceFor(description: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  if (/NOPERM/.test(why))
    return `REDIS_URL names ${description}, which does not allow its user what is needed (${why}): allow it to publish and subscribe, and keys and channels that begin with jstar:.`;
  if (/WRONGPASS|NOAUTH|invalid username-password|Authentication/i.test(why))
    return `REDIS_URL names ${description}, which does not accept its user and password: mend them there.`;
  return `REDIS_URL names ${description}, which can't be reached (${why || 'no answer'}): start that server or mend the address.`;
}
