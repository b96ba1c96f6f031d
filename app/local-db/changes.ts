import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { tellOne } from './tell-one.ts';

/** What may change for the screen. */
export type Topic =
  | 'sessions'
  | 'outbox'
  /** How messages of one's own left this device. */
  | 'journal'
  | 'projects'
  | 'memories'
  | `messages:${SessionId}`
  | `draft:${SessionId}`
  /** What is being written in the thread under it. */
  | `draft:${MessageId}`
  /** One message was stored, changed or taken away. */
  | `message:${MessageId}`
  /** So much of a conversation was replaced that its messages are not named one by one. */
  | `copy:${SessionId}`;

/** Tells this tab and, through a BroadcastChannel, the others which topics changed. */
export class Changes {
  #listeners = new Map<() => void, readonly Topic[]>();
  #toAll = new Set<(topics: readonly Topic[]) => void>();
  #channel: BroadcastChannel | null;

  constructor(name: string) {
    this.#channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
    if (this.#channel) this.#channel.onmessage = ({ data }) => this.#tell(data);
  }

  subscribe(topics: readonly Topic[], listener: () => void): () => void {
    // A wrapper, so that the same function may listen twice.
    const own = () => listener();
    this.#listeners.set(own, topics);
    return () => this.#listeners.delete(own);
  }

  /** Told of every change, with its topics. */
  subscribeAll(listener: (topics: readonly Topic[]) => void): () => void {
    this.#toAll.add(listener);
    return () => this.#toAll.delete(listener);
  }

  announce(topics: Iterable<Topic>): void {
    const list = [...new Set(topics)];
    if (list.length === 0) return;
    this.#channel?.postMessage(list);
    this.#tell(list);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = null;
    this.#listeners.clear();
    this.#toAll.clear();
  }

  #tell(changed: readonly Topic[]): void {
    const topicsNow = new Set(changed);
    for (const listener of [...this.#toAll]) tellOne(() => listener(changed));
    for (const [listener, topics] of [...this.#listeners])
      if (topics.some((topic) => topicsNow.has(topic))) tellOne(listener);
  }
}
