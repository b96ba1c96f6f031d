import { type ChatIdb, openChatIdb } from './schema.ts';

/** What keeps this tab from its copy; `fine` when nothing does. */
export type StorageCondition =
  | 'fine'
  /** A tab of an older version holds the copy, which has to be upgraded first. */
  | 'blocked'
  /** A newer version of the app has upgraded the copy: this tab is too old for it. */
  | 'outdated'
  /** There was no room for what was to be written: neither for what the server tells. */
  | 'full'
  /** Deleted from elsewhere. It is not made anew behind the back of whoever signed out. */
  | 'wiped';

export interface HandleEvents {
  onCondition(condition: StorageCondition): void;
  /** What was here is gone (the browser cleared it), and an empty copy stands in its place. */
  onEmptied(): void;
}

/** The one connection to a copy: opened when needed, and again after the browser took it away. */
export class Handle {
  #idb: Promise<ChatIdb> | null = null;
  #condition: StorageCondition = 'fine';
  #wasOpen = false;
  #isClosed = false;

  constructor(
    private readonly name: string,
    private readonly events: HandleEvents,
    /** Whether an empty copy may be made where there is none. */
    private readonly mayCreate = true,
  ) {}

  get condition(): StorageCondition {
    return this.#condition;
  }

  open(): Promise<ChatIdb> {
    if (this.#isClosed) return Promise.reject(new Error('This copy was closed.'));
    if (this.#condition === 'wiped') return Promise.reject(new Error('This copy was deleted.'));
    if (this.#idb) return this.#idb;
    let isNew = false;
    const forget = () => {
      if (this.#idb === opening) this.#idb = null;
    };
    const opening: Promise<ChatIdb> = openChatIdb(this.name, {
      onCreated: () => {
        isNew = true;
        return this.mayCreate;
      },
      onBlocked: () => this.#become('blocked'),
      onLost: forget,
      onWiped: () => {
        forget();
        this.#become('wiped');
      },
    }).then(
      (idb) => {
        if (this.#isClosed) idb.close();
        this.#become('fine');
        if (isNew && this.#wasOpen) this.events.onEmptied();
        this.#wasOpen = true;
        return idb;
      },
      (error) => {
        forget();
        if (error instanceof DOMException && error.name === 'VersionError') this.#become('outdated');
        throw error;
      },
    );
    this.#idb = opening;
    return opening;
  }

  /**
   * Work that begins with its first request on the handle: done again on a new handle when this one turns out to be
   * lost before anything was asked of it.
   */
  async run<T>(work: (idb: ChatIdb) => Promise<T>): Promise<T> {
    const opened = this.open();
    try {
      return await work(await opened);
    } catch (error) {
      if (!isLost(error)) throw error;
      if (this.#idb === opened) this.#idb = null;
      return work(await this.open());
    }
  }

  /** What became of a write tells whether there is room. */
  noteRoom(hasRoom: boolean): void {
    if (!hasRoom) this.#become('full');
    else if (this.#condition === 'full') this.#become('fine');
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const idb = await this.#idb?.catch(() => null);
    idb?.close();
    this.#idb = null;
  }

  #become(condition: StorageCondition): void {
    if (this.#condition === condition || this.#condition === 'wiped') return;
    this.#condition = condition;
    this.events.onCondition(condition);
  }
}

/** The handle is closed, or is just being closed; Safari says it in words. A transaction of it committed nothing. */
function isLost(error: unknown): boolean {
  if (!(error instanceof DOMException)) return false;
  return error.name === 'InvalidStateError' || /connection.*lost/i.test(error.message);
}
