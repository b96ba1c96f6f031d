import type { PresenceStatus } from '../../protocol/shapes.ts';

const BEAT_MS = 20_000;
/** Followers that are looked at say so this often, and count as looked at for twice as long and a little. */
const SIGN_MS = 10_000;
const SIGN_LASTS_MS = 22_000;
/** A beat this late means that the browser has put this page's timers to sleep. */
const LATE_MS = 5_000;

export interface PresenceBeatOptions {
  /** Shared by the tabs of one browser. */
  name: string;
  /** Whether this tab is the one that speaks for the browser, and can. */
  isDue(): boolean;
  /** Whether the person has chosen to be busy: that is so whether or not a tab is looked at. */
  isBusy(): boolean;
  tell(status: PresenceStatus, nextInMs: number): Promise<unknown>;
}

/**
 * Says "here" (or "away" while no tab is looked at, or what was chosen) and promises to say so again: when the promise is broken, the
 * server knows that this device is gone, whatever its connection looks like (invariant 14). A hidden page whose timers
 * sleep could only break its promises: it makes none until it is looked at again.
 */
export class PresenceBeat {
  #channel: BroadcastChannel | null = null;
  #timers: ReturnType<typeof setInterval>[] = [];
  #signAt = 0;
  #beatAt = 0;

  constructor(private readonly options: PresenceBeatOptions) {}

  /** Returns what ends it. */
  start(): () => void {
    const onChange = () => {
      this.#sign();
      this.now();
    };
    if (typeof document !== 'undefined') {
      document.addEventListener('visibilitychange', onChange);
      if (typeof BroadcastChannel !== 'undefined') {
        this.#channel = new BroadcastChannel(this.options.name);
        this.#channel.onmessage = () => {
          const wasSeen = this.#isSeen();
          this.#signAt = Date.now();
          if (!wasSeen) this.now();
        };
        this.#timers.push(setInterval(() => this.#sign(), SIGN_MS));
        this.#sign();
      }
    }
    this.#beatAt = Date.now();
    this.#timers.push(setInterval(() => this.#beat(), BEAT_MS));
    return () => {
      for (const timer of this.#timers.splice(0)) clearInterval(timer);
      if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', onChange);
      this.#channel?.close();
      this.#channel = null;
    };
  }

  /** Tells how it is, at once. */
  now(): void {
    if (!this.options.isDue()) return;
    this.options.tell(this.#status(), BEAT_MS).catch(() => {
      // The next beat says it; until then nobody is told what is not known.
    });
  }

  #status(): PresenceStatus {
    if (this.options.isBusy()) return 'busy';
    return this.#isSeen() ? 'online' : 'away';
  }

  #beat(): void {
    const isLate = Date.now() - this.#beatAt > BEAT_MS + LATE_MS;
    this.#beatAt = Date.now();
    if (this.#isSeen() || !isLate) this.now();
  }

  /** To the other tabs: this one is looked at. */
  #sign(): void {
    if (isVisible()) this.#channel?.postMessage('seen');
  }

  #isSeen(): boolean {
    return isVisible() || Date.now() - this.#signAt < SIGN_LASTS_MS;
  }
}

const isVisible = () => typeof document === 'undefined' || document.visibilityState !== 'hidden';
