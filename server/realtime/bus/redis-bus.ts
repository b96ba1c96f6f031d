import type { Bus } from './bus.ts';
import { BusMessage } from './bus-message.ts';

/** What the bus needs of a Redis client; `redis` has it. */
export interface RedisConnection {
  readonly isReady: boolean;
  publish(channel: string, text: string): Promise<number>;
  subscribe(channel: string, listener: (text: string) => void): Promise<void>;
  on(event: 'ready', listener: () => void): unknown;
}

export interface RedisBusOptions {
  /** Sends commands; refuses them at once while it is not connected. */
  publisher: RedisConnection;
  /** Listens, and subscribes again by itself after each reconnect. */
  subscriber: RedisConnection;
  /** Names this process, so that it does not hear itself. */
  nodeId: string;
  /** Of the database: installations that share a Redis never hear each other, nor does one from before a restore. */
  epoch: string;
  onError(error: unknown): void;
}

/**
 * The bus over Redis' (or Valkey's) publish and subscribe: nothing is stored there, so nothing is missed when it is
 * emptied. While it is away messages are dropped, and `onBack` says when that has ended.
 */
export function createRedisBus(options: RedisBusOptions): Bus {
  const { publisher, subscriber, nodeId, epoch, onError } = options;
  const channel = `jstar:${epoch}`;
  const prefix = `${nodeId} `;
  let hear: (message: BusMessage) => void = () => {};
  let back: () => void = () => {};
  const receive = (text: string) => {
    if (text.startsWith(prefix)) return;
    try {
      const parsed = BusMessage.safeParse(JSON.parse(text.slice(text.indexOf(' ') + 1)));
      // A kind that only another release knows is a hint that this one does without.
      if (parsed.success) hear(parsed.data);
    } catch (error) {
      onError(error);
    }
  };
  return {
    publish(message) {
      if (!publisher.isReady) return;
      // A hint that did not arrive is made up for; that the bus is away was said once, by its connection.
      publisher.publish(channel, prefix + JSON.stringify(message)).catch(() => {});
    },
    onMessage(listener) {
      hear = listener;
    },
    onBack(listener) {
      back = listener;
    },
    async open() {
      await subscriber.subscribe(channel, receive);
      subscriber.on('ready', () => back());
      back();
    },
    complaint() {
      if (publisher.isReady && subscriber.isReady) return null;
      return 'Redis does not answer: live events of other nodes come late.';
    },
    // The connections belong to whoever made them.
    close: async () => {},
  };
}
