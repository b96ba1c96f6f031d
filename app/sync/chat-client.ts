import type { SessionId } from '../../protocol/ids.ts';
import { ChatMessage, type Me } from '../../protocol/shapes.ts';
import { asLine } from '../../protocol/text.ts';
import { FileDb } from '../local-db/file-db.ts';
import { LocalDb } from '../local-db/local-db.ts';
import type { DraftPlace } from '../local-db/rows.ts';
import { deleteLocalDb } from '../local-db/schema.ts';
import { countOutbox, type OutboxCounts } from '../outbox/counts.ts';
import { createExclusive, PUSH_FROZEN_MS } from '../outbox/exclusive.ts';
import { Outbox } from '../outbox/outbox.ts';
import { createTrpc, failureOf, type Trpc, type TrpcOptions } from '../trpc/client.ts';
import type { ConnectionState } from './connection.ts';
import { DeliveredMarks } from './delivered-marks.ts';
import { deviceKind } from './device-kind.ts';
import { Drafts } from './drafts.ts';
import { Ephemeral, type EphemeralState } from './ephemeral.ts';
import { Files } from './files.ts';
import { KnownPresence } from './known-presence.ts';
import { hasLocks, Leadership } from './leader.ts';
import { Mender } from './mender.ts';
import { OlderMessages } from './older-messages.ts';
import { PresenceBeat } from './presence-beat.ts';
import { Restorer } from './restorer.ts';
import { SharedState } from './shared-state.ts';
import { Store } from './store.ts';
import { SyncClient } from './sync-client.ts';
import { createTellUntold } from './tell-untold.ts';
import { TypingSignal } from './typing-signal.ts';
import { Verifier } from './verifier.ts';

/** Everything that a screen needs of one signed-in account on this device. */
export class ChatClient {
  readonly trpc: Trpc;
  readonly outbox: Outbox;
  /** How old what is shown of others is. */
  readonly known: KnownPresence;
  readonly me: Store<Me>;
  readonly files: Files;
  readonly older: OlderMessages;
  #ephemeral = new Ephemeral();
  #shared = new SharedState(this.#ephemeral, (told) => this.#leadership.tell(told));
  #sync: SyncClient;
  #leadership: Leadership;
  #drafts: Drafts;
  #verifier: Verifier;
  #beat: PresenceBeat;
  #restorer: Restorer;
  #typing = new TypingSignal((sessionId, isTyping) => this.#tellTyping(sessionId, isTyping));
  #delivered: DeliveredMarks;
  #mender: Mender;
  #off: (() => void)[] = [];

  private constructor(
    me: Me,
    readonly db: LocalDb,
    options: TrpcOptions,
  ) {
    this.me = new Store(me);
    this.trpc = createTrpc({ ...options, account: me.id });
    this.outbox = new Outbox({
      db,
      me: () => this.me.get(),
      push: (mutations) => this.trpc.outbox.push.mutate({ mutations }),
      failureOf,
      exclusive: createExclusive(PUSH_FROZEN_MS),
      waitsForFiles: () => this.files.waiting(),
      bringFilesAgain: (send) => this.files.bringAgain(send),
      onSignedOut: () => this.reconnectNow(),
      onOwed: () => void this.#restorer.pay(),
      storedMessage: async (messageId) =>
        ChatMessage.parse((await this.trpc.message.thread.query({ messageId })).root),
    });
    this.#delivered = new DeliveredMarks(me.id, (sessionId, deliveredSeq) => {
      this.outbox.enqueue('receipt.mark', { sessionId, deliveredSeq }).catch(() => {});
    });
    const { outbox, trpc } = this;
    this.older = new OlderMessages(db, trpc);
    this.files = new Files({ account: me.id, db, outbox, trpc, connection: options });
    this.known = new KnownPresence({
      db,
      connection: this.connection,
      shown: () => Object.values(this.ephemeral.get().presence),
      show: (presence) => {
        this.#ephemeral.setPresence(presence);
        this.#shared.show();
      },
      ask: (userIds) => this.trpc.presence.get.query({ userIds }),
    });
    this.#drafts = new Drafts(db, (draft) => this.outbox.enqueue('draft.set', draft));
    const tellUntold = createTellUntold(db, this.#delivered, this.#drafts);
    this.#verifier = new Verifier(db, (asked) => this.trpc.sync.verify.mutate(asked));
    this.#beat = new PresenceBeat({
      name: `${db.storage}:seen`,
      isDue: () => this.#leadership.isLeader && this.connection.get().kind === 'live',
      isBusy: () => this.me.get().settings.busy,
      tell: (status, nextInMs) => {
        // An earlier version of the server may have stored what would be refused now.
        const activity = asLine(this.me.get().settings.activity) || null;
        return this.trpc.presence.set.mutate({ status, activity, device: deviceKind(), nextInMs });
      },
    });
    this.#sync = new SyncClient({
      db,
      trpc: this.trpc,
      ephemeral: this.#ephemeral,
      connection: this.connection,
      onApplied: (events) => {
        this.#delivered.follow(events);
        void this.known.meet(events);
      },
      onLive: () => {
        this.files.resume();
        void this.known.refresh();
        this.#verifier.checkRecent();
        this.#beat.now();
        void this.#restorer.pay();
        tellUntold();
      },
      isOnline: () => typeof navigator === 'undefined' || navigator.onLine !== false,
      leadsAlone: hasLocks,
    });
    this.#restorer = new Restorer({ db, trpc, startOver: () => this.#sync.startOver() });
    this.#leadership = new Leadership({
      name: `${db.storage}:leader`,
      lead: () => this.#lead(),
      onMessage: (message) => this.#shared.follow(message),
      onAsked: () => this.#sync.reconnectNow(),
      onNewcomer: () => this.#shared.tellAll(),
    });
    this.#mender = new Mender({
      db,
      connection: this.connection,
      compare: (sessionId) => this.#verifier.compare(sessionId),
      compareRecent: () => this.#verifier.checkRecent(),
      takeSnapshot: () => this.#sync.startOver(),
      showWaiting: () => this.outbox.showAgain(),
      saveMe: () => db.saveMe(this.me.get()),
    });
  }

  /** @param storage another name for the local copy, for several devices in one process */
  static async open(
    me: Me,
    options: TrpcOptions = {},
    storage?: string,
    onBlocked?: () => void,
  ): Promise<ChatClient> {
    const db = await LocalDb.open(me.id, storage, onBlocked);
    try {
      return new ChatClient(await db.keepMe(me), db, options);
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  get connection(): Store<ConnectionState> {
    return this.#shared.connection;
  }

  /** Typing, answers being written, presence. */
  get ephemeral(): Store<EphemeralState> {
    return this.#shared.ephemeral;
  }

  start(): void {
    this.#leadership.start();
    this.#off.push(this.db.subscribe(['sessions'], () => void this.#readMe()));
    // What another tab stored since this one opened was announced before anybody here listened.
    void this.#readMe();
    this.#off.push(this.known.start(), this.#beat.start(), this.#mender.start());
    // Signed in again in any tab: every tab's outbox goes on.
    this.#off.push(
      this.connection.subscribe(() => {
        if (this.connection.get().kind === 'live') this.outbox.resume();
      }),
    );
    void this.#drafts.recover().catch(() => {});
    if (typeof window === 'undefined') return;
    const wake = () => {
      if (document.visibilityState === 'hidden') return;
      this.outbox.resume();
      this.files.resume();
      if (this.#leadership.isLeader && this.connection.get().kind !== 'live') this.#sync.reconnectNow();
    };
    const offline = () => this.#leadership.isLeader && this.#sync.wentOffline();
    this.#listen(window, 'online', wake);
    this.#listen(window, 'pageshow', wake);
    this.#listen(document, 'visibilitychange', wake);
    this.#listen(window, 'offline', offline);
    this.files.start();
    void this.outbox.drain();
  }

  /** Now, whatever the pause; by the tab that holds the stream. */
  reconnectNow(): void {
    if (this.#leadership.isLeader) this.#sync.reconnectNow();
    else this.#leadership.ask();
  }

  /** Stops everything; what is stored stays. */
  async stop(): Promise<void> {
    for (const off of this.#off.splice(0)) off();
    this.#delivered.close();
    this.#typing.close();
    this.#restorer.close();
    this.#drafts.close();
    this.#verifier.close();
    this.outbox.close();
    await this.files.stop();
    this.#sync.stop();
    this.#leadership.close();
    this.#ephemeral.clear();
    await this.db.close();
  }

  /** How many changes would be lost by signing out now. */
  async unsent(): Promise<number> {
    const { waiting, refused, strange } = await this.outboxCounts();
    return waiting + refused + strange;
  }

  outboxCounts(): Promise<OutboxCounts> {
    return countOutbox(this.db);
  }

  /** Leaves nothing of this account on the device (invariant 26). Works offline too. */
  async wipe(): Promise<void> {
    this.forgetTyped();
    await this.stop();
    await deleteLocalDb(this.db.storage);
    await FileDb.delete(this.db.storage);
  }

  /** What this tab alone keeps of what was typed: signed out in another tab, this one has nothing to keep either. */
  forgetTyped(): void {
    this.#drafts.forget();
  }

  /** Stored here as one types, told to one's other devices a little later. */
  saveDraft(place: DraftPlace, content: string): Promise<void> {
    return this.#drafts.save(place, content);
  }

  /** Call before what is written in this place is stored as a message. */
  endDraft(place: DraftPlace): void {
    this.#drafts.end(place);
  }

  /** Compares what is held of a conversation with the server's, and mends what differs. Resolves with rows mended. */
  verify(sessionId: SessionId): Promise<number> {
    return this.#verifier.check([sessionId]);
  }

  /** Fetches everything anew where the server knows a conversation that is missing here. */
  async lookFor(sessionId: SessionId): Promise<void> {
    await this.trpc.session.get.query({ sessionId });
    await this.#sync.startOver();
  }

  /** Call on every keystroke. */
  setTyping(sessionId: SessionId, isTyping: boolean): void {
    this.#typing.set(sessionId, isTyping);
  }

  /** The person has seen everything up to here. */
  async markRead(sessionId: SessionId, seq: number): Promise<void> {
    const session = await this.db.getSession(sessionId);
    const mine = session?.members.find((member) => member.userId === this.me.get().id);
    if (!session || session.pendingCreate || !mine || mine.readSeq >= seq) return;
    await this.outbox.enqueue('receipt.mark', { sessionId, readSeq: seq, deliveredSeq: seq });
  }

  #lead(): () => void {
    this.#sync.start();
    const endSharing = this.#shared.lead();
    return () => {
      endSharing();
      this.#sync.stop();
    };
  }

  async #readMe(): Promise<void> {
    const me = await this.db.getMe().catch(() => null);
    const before = this.me.get();
    if (!me || JSON.stringify(me) === JSON.stringify(before)) return;
    this.me.set(me);
    const { busy, activity } = me.settings;
    if (busy !== before.settings.busy || activity !== before.settings.activity) this.#beat.now();
  }

  #tellTyping(sessionId: SessionId, isTyping: boolean): void {
    if (this.me.get().settings.privacy.showTyping)
      this.trpc.typing.set.mutate({ sessionId, isTyping }).catch(() => {});
  }

  #listen(target: EventTarget, type: string, listener: () => void): void {
    target.addEventListener(type, listener);
    this.#off.push(() => target.removeEventListener(type, listener));
  }
}
