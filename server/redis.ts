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

function sentenceFor(description: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  if (/WRONGPASS|NOAUTH|NOPERM|invalid username-password|Authentication/i.test(why))
    return `REDIS_URL names ${description}, which does not accept its user and password: mend them there.`;
  return `REDIS_URL names ${description}, which can't be reached (${why || 'no answer'}): start that server or mend the address.`;
}
