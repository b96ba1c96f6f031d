import type { EphemeralEvent, StateEvent } from '../../protocol/events.ts';
import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import { accountScope, type Cursor, encodeCursor } from '../log/cursor.ts';
import { isAnother, type LogEntry } from '../log/log-entry.ts';
import type { LogReader } from '../log/log-reader.ts';
import { ActiveAnswers } from './active-answers.ts';
import { DepartedAccounts, type KnownMemberships } from './departed-accounts.ts';
import { createFrame, type Frame, joinBytes } from './frame.ts';
import { FrameMaker } from './frame-maker.ts';
import { HeartbeatWheel } from './heartbeat-wheel.ts';
import { type HubObserver, noStats } from './hub-stats.ts';
import type { Live, StreamsOf } from './live.ts';
import { LogFollower } from './log-follower.ts';
import { membershipChange } from './membership-change.ts';
import { missedSince } from './missed-since.ts';
import { withNewestStates } from './newest-states.ts';
import { RecentEntries } from './recent-entries.ts';
import type { Stream } from './stream.ts';
import { StreamIndex } from './stream-index.ts';
import { TickQueue } from './tick-queue.ts';

export interface HubOptions {
  epoch: string;
  /** Newest position at the start; what is older is only ever replayed. */
  pos: number;
  log: Pick<LogReader, 'range' | 'head'>;
  onError(error: unknown): void;
  /** No other process writes to this log: it holds nothing that this one does not know of. */
  isAlone?: boolean;
  /** Another database stands where ours was, such as one restored from a backup. */
  onReplaced?(): void;
  /** The same database, but as it was before something that streams were told. */
  onWentBack?(): Promise<void> | void;
  /** Unsent bytes at which a slow reader is closed as the next event comes; it comes back with its cursor. */
  backlogAtMost?: number;
  pingSeconds?: number;
  pollMs?: number;
  observer?: HubObserver;
}

/** What another node wrote is here within 2 s although the bus is away. */
const POLL_MS = 1_500;
/** What is kept in memory for those who come straight back. */
const RECENT_ENTRIES = 8_192;
const RECENT_BYTES = 16_777_216;
const DEPARTED_SESSIONS = 100_000;
/** In a session with more streams than this, presence is shown to those who ask and told to nobody. */
const PRESENCE_TOLD_UP_TO = 200;

/**
 * Fan-out. Each event is serialised once into the finished frame; that same buffer is written to every member's
 * socket; frames of one turn of the event loop leave in one write per socket. The membership index follows the log
 * itself, so nothing after a removal's `pos` reaches the removed member, whose streams end with it (invariant 24); the
 * devices come back at once with their cursors.
 */
export class Hub implements Live {
  readonly epoch: string;
  readonly stats = noStats();
  readonly answers = new ActiveAnswers();
  #log: LogFollower;
  #streams = new StreamIndex();
  /** Not live yet: they are told of nothing here, but end like the others (invariant 24). */
  #replaying = new Set<Stream>();
  #tick = new TickQueue({
    position: () => this.pos,
    hand: (stream, frames, bytes) => this.#deliver(stream, frames, bytes),
    onFlushed: (frames, seconds) => this.options.observer?.fannedOut?.(frames, seconds),
  });
  #frames: FrameMaker;
  #recent = new RecentEntries(RECENT_ENTRIES, RECENT_BYTES);
  #departed = new DepartedAccounts(DEPARTED_SESSIONS);
  #wheel: HeartbeatWheel;
  #poll: NodeJS.Timeout;
  readonly #backlogAtMost: number;

  constructor(private readonly options: HubOptions) {
    this.epoch = options.epoch;
    this.#log = new LogFollower({
      ...options,
      take: (entry) => this.#take(entry),
      contradicts: (entry) => {
        const told = this.#recent.at(entry.pos);
        return told !== null && isAnother(told, entry);
      },
    });
    this.#frames = new FrameMaker({
      epoch: options.epoch,
      position: () => this.pos,
      onMade: () => {
        this.stats.serialisations += 1;
      },
    });
    this.#backlogAtMost = options.backlogAtMost ?? 1_048_576;
    this.#wheel = new HeartbeatWheel(options.pingSeconds ?? 15, (stream) => this.#beat(stream));
    this.#poll = setInterval(() => void this.catchUp(), options.pollMs ?? POLL_MS).unref();
  }

  /** Everything up to here was handed to the streams. */
  get pos(): number {
    return this.#log.pos;
  }

  // ── Streams ───────────────────────────────────────────────────────────────────────────────────────

  /** A stream is about to be told what it missed; to be said again as false once that is over, however it ended. */
  setReplaying(stream: Stream, isReplaying: boolean): void {
    if (isReplaying) this.#replaying.add(stream);
    else this.#replaying.delete(stream);
  }

  /**
   * Makes a stream live after its replay up to `replayedTo`. Synchronous, so nothing falls between.
   * @returns false when the hub has moved on too far meanwhile, or by more than is to be handed over at once: read again
   *   and come back, with patience for whoever reads it
   */
  attach(stream: Stream, replayedTo: number, memberships: readonly SessionId[]): boolean {
    const missed = this.#recent.after(replayedTo, this.pos);
    if (missed === null) return false;
    this.#tick.flush();
    // The replay knows of more than this node has heard yet: another one wrote it.
    if (replayedTo > this.pos) void this.catchUp();
    stream.skipUpTo = replayedTo;
    this.#streams.open(stream, memberships);
    const told = missed.filter(({ entry }) => this.#follow(stream, entry));
    const frames = withNewestStates(told).map(({ frame }) => frame);
    // What is live comes on top of it before it was taken.
    if (bytesOf(frames) > this.#backlogAtMost / 2) {
      this.#streams.close(stream);
      stream.sessions.clear();
      return false;
    }
    this.#wheel.add(stream);
    this.#departed.forget(stream.subscriber.userId);
    this.stats.streams += 1;
    for (const piece of this.answers.lackedBy(stream.sessions, stream.held))
      frames.push(this.#frames.forSession(piece.sessionId, piece));
    const cursor = this.cursorFor(stream.subscriber.userId, Math.max(this.pos, replayedTo));
    frames.push(createFrame(JSON.stringify({ type: 'caught-up', cursor }), cursor));
    this.#deliver(stream, frames, joinBytes(frames));
    return true;
  }

  detach(stream: Stream): void {
    if (stream.closed) return;
    stream.closed = true;
    if (!this.#streams.close(stream)) return;
    this.#wheel.remove(stream);
    this.stats.streams -= 1;
    const { userId } = stream.subscriber;
    if (!this.isConnected(userId)) this.#departed.remember(userId, this.#membershipsOf(stream));
  }

  /**
   * Makes a stream live that comes back with a cursor, if memory holds everything since and it is not much: no look at the
   * database.
   * @returns false when only the database can tell
   */
  resume(stream: Stream, cursor: Cursor): boolean {
    const { userId } = stream.subscriber;
    const [other] = this.#streams.of(userId);
    const known = other ? this.#membershipsOf(other) : this.#departed.of(userId);
    if (!known || cursor.epoch !== this.epoch) return false;
    const missed = missedSince(cursor, { userId, known, recent: this.#recent, pos: this.pos });
    if (missed === null) return false;
    if (!this.attach(stream, cursor.pos, known.sessions)) return false;
    this.stats.resumedFromMemory += 1;
    if (missed.length > 0) this.replayed(missed.length);
    return true;
  }

  #membershipsOf(stream: Stream): KnownMemberships {
    return { sessions: [...stream.sessions], pos: Math.max(this.pos, stream.skipUpTo) };
  }

  /** Ends the streams of an account or of one auth session; the clients find out why when they ask again. */
  closeStreams(which: StreamsOf): void {
    const live = 'userId' in which ? this.#streams.of(which.userId) : this.#streams.all();
    for (const stream of [...live, ...this.#replaying]) {
      const { userId, authSessionId } = stream.subscriber;
      if ('userId' in which ? userId === which.userId : authSessionId === which.authSessionId)
        this.#end(stream);
    }
  }

  /** Auth sessions with an open stream. */
  authSessions(): string[] {
    const streams = [...this.#streams.all(), ...this.#replaying];
    return [...new Set(streams.map((stream) => stream.subscriber.authSessionId))];
  }

  isConnected(userId: UserId): boolean {
    return this.#streams.of(userId).size > 0;
  }

  /** Accounts with an open stream in these sessions; of the very large ones, nobody. */
  peersOf(sessions: Iterable<SessionId>): Set<UserId> {
    return this.#streams.accountsIn(sessions, PRESENCE_TOLD_UP_TO);
  }

  cursorFor(userId: UserId, pos = this.pos): string {
    return encodeCursor(this.epoch, pos, accountScope(userId));
  }

  close(): void {
    this.#wheel.stop();
    clearInterval(this.#poll);
    this.#tick.flush();
    for (const stream of [...this.#streams.all(), ...this.#replaying]) this.#end(stream);
  }

  // ── The log ───────────────────────────────────────────────────────────────────────────────────────

  /** What this node committed, in order of `pos`. */
  publish(entries: readonly LogEntry[]): void {
    this.#log.publish(entries);
  }

  /** Everything that any node committed before the call is known here when it is over. */
  async knowsThePresent(): Promise<void> {
    if (!this.options.isAlone) await this.catchUp();
  }

  /** Reads what other nodes wrote, whether or not they said so. */
  catchUp(): Promise<void> {
    return this.#log.catchUp();
  }

  #take(entry: LogEntry): void {
    const frame = this.#frames.ofEntry(entry);
    this.#recent.add(entry, frame);
    if ('userId' in entry.audience) {
      this.#tick.add(frame, entry.pos, this.#streams.of(entry.audience.userId), null);
      return;
    }
    const { sessionId } = entry.audience;
    const change = membershipChange(entry);
    for (const userId of change?.entering ?? []) {
      // Those who wait in this turn go out first: the newcomer must not get what was before.
      this.#tick.flush();
      for (const stream of this.#streams.of(userId)) this.#streams.enter(stream, sessionId);
    }
    this.#tick.add(frame, entry.pos, this.#streams.in(sessionId), null);
    if (change?.leaving) {
      this.#tick.flush();
      for (const stream of [...this.#streams.of(change.leaving)]) {
        this.#streams.leave(stream, sessionId);
        if (change.isRemoved && isAbout(stream, sessionId)) this.#end(stream);
      }
    }
    if (entry.type === 'message.completed') this.#endAnswer(sessionId, entry);
  }

  #endAnswer(sessionId: SessionId, entry: LogEntry): void {
    // Written by us a moment ago from the event's type.
    const { messageId } = JSON.parse(entry.payload) as { messageId: MessageId };
    this.answers.end(sessionId, messageId);
  }

  /** Applies a missed entry to one stream; true when the stream is to get it. */
  #follow(stream: Stream, entry: LogEntry): boolean {
    if ('userId' in entry.audience) return entry.audience.userId === stream.subscriber.userId;
    const { sessionId } = entry.audience;
    const change = membershipChange(entry);
    if (change?.entering.includes(stream.subscriber.userId)) this.#streams.enter(stream, sessionId);
    const told = stream.sessions.has(sessionId);
    if (change?.leaving === stream.subscriber.userId) this.#streams.leave(stream, sessionId);
    return told;
  }

  // ── Ephemeral ─────────────────────────────────────────────────────────────────────────────────────

  /** To everyone in a session, but for the one it is about. */
  tellSession(sessionId: SessionId, event: EphemeralEvent, except: UserId | null = null): void {
    const to = this.#streams.in(sessionId);
    if (to.size > 0) this.#tick.add(this.#frames.forSession(sessionId, event), null, to, except);
  }

  tellAccounts(userIds: Iterable<UserId>, event: EphemeralEvent | StateEvent): void {
    for (const userId of userIds) {
      const to = this.#streams.of(userId);
      if (to.size > 0) this.#tick.add(this.#frames.forAccount(userId, event), null, to, null);
    }
  }

  beginAnswer(sessionId: SessionId, messageId: MessageId): void {
    this.answers.begin(sessionId, messageId);
  }

  /** More text of an answer. Kept whole until the answer's completion goes through the log. */
  extendAnswer(sessionId: SessionId, messageId: MessageId, text: string): void {
    const offset = this.answers.extend(sessionId, messageId, text);
    const to = this.#streams.in(sessionId);
    if (to.size === 0 || offset === null) return;
    const event: EphemeralEvent = { type: 'turn.delta', sessionId, messageId, offset, text };
    const frame = this.#frames.forSession(sessionId, event);
    this.stats.answerFrames += 1;
    this.stats.answerBytes += frame.bytes.length;
    this.#tick.add(frame, null, to, null);
    this.options.observer?.answerExtended?.();
  }

  /** Told by whoever replays. */
  replayed(frames: number): void {
    this.options.observer?.replayed?.(frames);
  }

  // ── Delivery ──────────────────────────────────────────────────────────────────────────────────────

  #deliver(stream: Stream, frames: readonly Frame[], bytes: Buffer): void {
    if (stream.closed) return;
    // Looked at before this is written: whoever took all that came until now is not slow, however much comes at once.
    if (stream.sink.backlog() > this.#backlogAtMost) {
      this.stats.slowReaderCloses += 1;
      this.detach(stream);
      stream.sink.drop();
      return;
    }
    this.stats.deliveries += frames.length;
    this.stats.writes += 1;
    this.stats.bytes += bytes.length;
    stream.sink.deliver(frames, bytes);
  }

  #beat(stream: Stream): void {
    if (stream.subscriber.expiresAt.getTime() <= Date.now()) this.#end(stream);
    else stream.sink.ping();
  }

  #end(stream: Stream): void {
    this.detach(stream);
    stream.sink.end();
  }
}

const bytesOf = (frames: readonly Frame[]) => frames.reduce((sum, { bytes }) => sum + bytes.length, 0);

const isAbout = ({ subscriber: { about } }: Stream, sessionId: SessionId) =>
  about === undefined || about === sessionId;
