import { ChatEvent } from '../../protocol/events.ts';
import type { HeldAnswer } from '../../protocol/held-answer.ts';
import type { Trpc } from '../trpc/client.ts';
import { failureOf } from '../trpc/client.ts';

export interface StreamHandlers {
  onOpen(): void;
  /** A durable or newest-value event with the cursor behind it, or an ephemeral one; in the order of the wire. */
  onEvent(event: ChatEvent, cursor: string): void;
  /** Something on the wire that is no event of ours (invariant 11). */
  onMalformed(): void;
  onEnd(reason: 'signed-out' | 'lost'): void;
}

/**
 * How long a stream may take to begin. Once it has, tRPC's client watches over its silence, for as long as the server
 * has told it: pings are signs of life that it alone sees.
 */
const BEGIN_MS = 37_500;

/** One subscription, from one cursor, until it ends for whatever reason. Ends once; never restarts by itself. */
export class EventStream {
  #isOver = false;
  #subscription: { unsubscribe(): void };
  #beginning: ReturnType<typeof setTimeout>;

  constructor(
    trpc: Trpc,
    from: { cursor: string | null; answers: readonly HeldAnswer[] },
    private readonly handlers: StreamHandlers,
  ) {
    this.#beginning = setTimeout(() => this.#end('lost'), BEGIN_MS);
    this.#subscription = trpc.events.subscribe.subscribe(
      {
        ...(from.cursor === null ? {} : { cursor: from.cursor }),
        ...(from.answers.length === 0 ? {} : { answers: [...from.answers] }),
      },
      {
        onStarted: () => {
          clearTimeout(this.#beginning);
          if (!this.#isOver) handlers.onOpen();
        },
        onData: (message) => {
          if (this.#isOver) return;
          const { id, data } = message as { id?: unknown; data?: unknown }; // checked in the next lines
          const parsed = ChatEvent.safeParse(data);
          if (parsed.success && typeof id === 'string') handlers.onEvent(parsed.data, id);
          else handlers.onMalformed();
        },
        onError: (error) => this.#end(failureOf(error)?.reason === 'UNAUTHENTICATED' ? 'signed-out' : 'lost'),
        onComplete: () => this.#end('lost'),
        onStopped: () => this.#end('lost'),
        // tRPC's own retry would use its own pauses: ours is the only supervisor.
        onConnectionStateChange: (state) => {
          if (state.state === 'connecting' && state.error) this.#end('lost');
        },
      },
    );
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#beginning);
    this.#subscription.unsubscribe();
  }

  #end(reason: 'signed-out' | 'lost'): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#beginning);
    // The subscription may still be in the middle of being made.
    queueMicrotask(() => this.#subscription.unsubscribe());
    this.handlers.onEnd(reason);
  }
}
