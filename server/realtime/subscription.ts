import { type TrackedEnvelope, tracked } from '@trpc/server';
import type { ChatEvent } from '../../protocol/events.ts';
import type { HeldAnswer } from '../../protocol/held-answer.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { LogReader } from '../log/log-reader.ts';
import type { Frame } from './frame.ts';
import type { Hub } from './hub.ts';
import { openStream } from './open-stream.ts';
import type { Sink, Stream, Subscriber } from './stream.ts';

type Envelope = TrackedEnvelope<ChatEvent>;

/**
 * What `events.subscribe` returns: an ordinary async iterable of tracked events, so that any tRPC adapter can run it
 * and clients infer its type. The product's own HTTP mount recognises it and attaches the socket instead.
 */
export class EventSubscription implements AsyncIterable<Envelope> {
  constructor(
    private readonly hub: Hub,
    private readonly log: LogReader,
    private readonly subscriber: Subscriber,
    private readonly cursor: string | null,
    private readonly held: readonly HeldAnswer[] = [],
  ) {}

  get userId(): UserId {
    return this.subscriber.userId;
  }

  /** Feeds `sink` until it ends; `isGone` tells that nobody listens any more. */
  attachTo(sink: Sink, isGone: () => boolean): Promise<Stream> {
    return openStream(this.hub, this.log, this.subscriber, this.cursor, sink, isGone, this.held);
  }

  detach(stream: Stream): void {
    this.hub.detach(stream);
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope, void, void> {
    return new SubscriptionIterator(this);
  }
}

/** Written by hand and not as a generator, whose `return` would wait for the next event before it lets go. */
class SubscriptionIterator implements AsyncIterator<Envelope, void, void> {
  #frames: Frame[] = [];
  #waiting: { resolve(result: IteratorResult<Envelope, void>): void; reject(error: unknown): void }[] = [];
  #ended = false;
  #failure: { error: unknown } | null = null;
  #stream: Stream | null = null;

  constructor(private readonly subscription: EventSubscription) {
    const sink: Sink = {
      deliver: (frames) => {
        this.#frames.push(...frames);
        this.#hand();
      },
      ping: () => {},
      backlog: () => 0,
      drained: () => Promise.resolve(),
      end: () => this.#end(),
      drop: () => this.#end(),
    };
    subscription
      .attachTo(sink, () => this.#ended)
      .then(
        (stream) => {
          this.#stream = stream;
          if (this.#ended) subscription.detach(stream);
        },
        (error) => {
          this.#failure = { error };
          this.#end();
        },
      );
  }

  next(): Promise<IteratorResult<Envelope, void>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#hand();
    });
  }

  return(): Promise<IteratorResult<Envelope, void>> {
    this.#frames = [];
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  #hand(): void {
    while (this.#waiting.length > 0 && (this.#frames.length > 0 || this.#ended)) {
      const waiting = this.#waiting.shift();
      const frame = this.#frames.shift();
      // The payload was serialised from a ChatEvent by the log or the hub.
      if (frame)
        waiting?.resolve({
          done: false,
          value: tracked(frame.cursor, JSON.parse(frame.payload) as ChatEvent),
        });
      else if (this.#failure) waiting?.reject(this.#failure.error);
      else waiting?.resolve({ done: true, value: undefined });
    }
  }

  #end(): void {
    this.#ended = true;
    if (this.#stream) this.subscription.detach(this.#stream);
    this.#hand();
  }
}
