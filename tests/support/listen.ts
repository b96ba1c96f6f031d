import { ChatEvent } from '../../protocol/events.ts';
import type { Account } from '../../server/domain/account.ts';
import { EventSubscription } from '../../server/realtime/subscription.ts';
import type { World } from './world.ts';

export interface Heard {
  cursor: string;
  event: ChatEvent;
}

/** One device's open stream: everything heard so far, and a way to wait for what must come. */
export interface Listener {
  heard: Heard[];
  /** Resolves with the first event, past or to come, that the predicate accepts. */
  until(accepts: (event: ChatEvent) => boolean): Promise<Heard>;
  /** Resolves once the server ends the stream. */
  ended: Promise<void>;
  close(): Promise<void>;
}

export async function listen(world: World, account: Account, cursor?: string): Promise<Listener> {
  const subscription: unknown = await world
    .as(account)
    .events.subscribe(cursor === undefined ? {} : { cursor });
  if (!(subscription instanceof EventSubscription))
    throw new Error('events.subscribe returned something else');
  const iterator = subscription[Symbol.asyncIterator]();
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const ended = (async () => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      // As devices do: what an older version of the log left out has its default.
      heard.push({ cursor: next.value[0], event: ChatEvent.parse(next.value[1]) });
      for (const look of [...waiting]) look();
    }
  })();
  const listener: Listener = {
    heard,
    until: (accepts) =>
      new Promise((resolve) => {
        const look = () => {
          const found = heard.find(({ event }) => accepts(event));
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    ended,
    close: async () => {
      world.hub.closeStreams({ userId: account.userId });
      await ended;
    },
  };
  await listener.until((event) => event.type === 'caught-up');
  return listener;
}

/** The words of the messages that were heard, in order. */
export const contentsOf = (heard: readonly Heard[]): string[] =>
  heard.flatMap(({ event }) => ('message' in event ? [event.message.content] : []));

/** Frames of a server-sent event stream, as any client would decode them. */
export function decodeFrames(text: string): { event: string; data: string; id: string | null }[] {
  return text
    .split(/\n\n+/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const fields = new Map<string, string>();
      for (const line of block.split('\n').filter(Boolean)) {
        const colon = line.indexOf(':');
        fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
      }
      return {
        event: fields.get('event') ?? 'message',
        data: fields.get('data') ?? '',
        id: fields.get('id') ?? null,
      };
    });
}
