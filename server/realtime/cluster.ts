import type { EphemeralEvent } from '../../protocol/events.ts';
import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { AnswerRelay } from './answer-relay.ts';
import type { Bus } from './bus/bus.ts';
import type { BusMessage } from './bus/bus-message.ts';
import type { Hub } from './hub.ts';
import type { Live, StreamsOf } from './live.ts';
import { type PresenceNews, tellPresence } from './presence-news.ts';
import type { SharedDeviceStates } from './shared-device-states.ts';

/** Above this much text the other nodes read the log instead. */
const POKE_CHARACTERS_AT_MOST = 65_536;

const DEVICES_EVERY_MS = 8_000;

export interface ClusterListener {
  /** Another node was asked to stop an answer that may be written here. */
  stopAsked(messageId: MessageId): void;
  /** Another node ended these streams; what is remembered of them is to be forgotten. */
  closed(which: StreamsOf): void;
  /** Another node said that somebody types, or no longer. */
  typing(sessionId: SessionId, userId: UserId, isTyping: boolean): void;
  presenceTold(news: PresenceNews): void;
}

/**
 * All nodes as one: what is told here reaches the streams of this node through its hub, and those of the others over
 * the bus. With one node the bus has nobody to tell.
 */
export class Cluster implements Live {
  #answers: AnswerRelay;
  #beat: NodeJS.Timeout;

  constructor(
    private readonly hub: Hub,
    private readonly bus: Bus,
    private readonly devices: SharedDeviceStates,
    private readonly listener: ClusterListener,
  ) {
    this.#answers = new AnswerRelay(hub, (message) => bus.publish(message));
    bus.onMessage((message) => this.#receive(message));
    bus.onBack(() => {
      bus.publish({ kind: 'hello' });
      this.devices.pardon();
      this.#repeat();
      void hub.catchUp();
    });
    this.#beat = setInterval(() => this.#repeatDevices(), DEVICES_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#beat);
  }

  /** Told after each commit of this node. */
  committed(entries: readonly LogEntry[]): void {
    this.hub.publish(entries);
    const last = entries.at(-1);
    if (!last) return;
    const size = entries.reduce((sum, entry) => sum + entry.payload.length, 0);
    const sent = size <= POKE_CHARACTERS_AT_MOST ? [...entries] : [];
    this.bus.publish({ kind: 'committed', pos: last.pos, entries: sent });
  }

  tellSession(sessionId: SessionId, event: EphemeralEvent, except: UserId | null = null): void {
    this.hub.tellSession(sessionId, event, except);
    this.bus.publish({ kind: 'session', sessionId, event, except });
  }

  tellPresence(news: PresenceNews): void {
    tellPresence(this.hub, news);
    this.bus.publish({ kind: 'presence', news });
  }

  beginAnswer(sessionId: SessionId, messageId: MessageId, claimedAt: number): void {
    this.#answers.begin(sessionId, messageId, claimedAt);
  }

  extendAnswer(sessionId: SessionId, messageId: MessageId, text: string): void {
    this.#answers.extend(sessionId, messageId, text);
  }

  closeStreams(which: StreamsOf): void {
    this.hub.closeStreams(which);
    this.bus.publish({ kind: 'close', which });
  }

  /** The wish stands in the turn's row; this makes its writer look now. */
  stopAnswer(messageId: MessageId): void {
    this.bus.publish({ kind: 'stop', messageId });
  }

  #receive(message: BusMessage): void {
    switch (message.kind) {
      case 'committed':
        if (message.entries.length > 0) this.hub.publish(message.entries);
        else void this.hub.catchUp();
        return;
      case 'session': {
        const { sessionId, event, except } = message;
        if (event.type === 'typing') this.listener.typing(sessionId, event.userId, event.isTyping);
        this.hub.tellSession(sessionId, event, except);
        return;
      }
      case 'devices':
        this.devices.receive(message.nodeId, message.changes);
        return;
      case 'presence':
        this.listener.presenceTold(message.news);
        tellPresence(this.hub, message.news);
        return;
      case 'answer':
        this.#answers.receive(message);
        return;
      case 'stop':
        this.listener.stopAsked(message.messageId);
        return;
      case 'close':
        this.listener.closed(message.which);
        this.hub.closeStreams(message.which);
        return;
      case 'hello':
        this.#repeat();
    }
  }

  #repeat(): void {
    this.#answers.repeat();
    this.devices.repeat();
  }

  /**
   * Whoever is not heard of any more is no longer shown as here, also while no node can be heard: nobody knows then.
   * They are shown again as soon as their node is heard.
   */
  #repeatDevices(): void {
    this.devices.repeat();
    this.devices.expire();
    this.devices.compare();
  }
}
