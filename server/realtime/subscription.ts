import { type TrackedEnvelope, tracked } from '@trpc/server';
import type { ChatEvent } from '../../protocol/events.ts';
import type { LogReader } from '../log/log-reader.ts';
import type { Frame } from './frame.ts';
import type { Hub } from './hub.ts';
import { openStream } from './open-stream.ts';
import type { Sink, Stream, Subscriber } from './stream.ts';

/**
 * What `events.subscribe` returns: an ordinary async iterable of tracked events, so that any tRPC adapter can run it
 * and clients infer its type. The product's own HTTP mount recognises it and attaches the socket instead.
 */
export class EventSubscription implements AsyncIterable<TrackedEnvelope<ChatEvent>> {
  constructor(
    private readonly hub: Hub,
    private readonly log: LogReader,
    private readonly subscriber: Subscriber,
    private readonly cursor: string | null,
  ) {}

  /** Feeds `sink` until it ends; `isGone` tells that nobody listens any more. */
  attachTo(sink: Sink, isGone: () => boolean): Promise<Stream> {
    return openStream(this.hub, this.log, this.subscriber, this.cursor, sink, isGone);
  }

  detach(stream: Stream): void {
    this.hub.detach(stream);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrackedEnvelope<ChatEvent>> {
    const frames: Frame[] = [];
    let wake: () => void = () => {};
    let ended = false;
    const sink: Sink = {
      deliver: (more) => {
        frames.push(...more);
        wake();
      },
      ping: () => {},
      backlog: () => 0,
      drained: () => Promise.resolve(),
      end: () => {
        ended = true;
        wake();
      },
    };
    const opening = this.attachTo(sink, () => ended);
    try {
      const opened = opening.then(wake);
      while (!ended || frames.length > 0) {
        const frame = frames.shift();
        // The payload was serialised from a ChatEvent by the log or the hub.
        if (frame) yield tracked(frame.cursor, JSON.parse(frame.payload) as ChatEvent);
        else await Promise.race([new Promise<void>((resolve) => (wake = resolve)), rejectionOf(opened)]);
      }
    } finally {
      ended = true;
      this.detach(await opening);
    }
  }
}

/** Never resolves; rejects when the promise does. */
function rejectionOf(promise: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => promise.catch(reject));
}
