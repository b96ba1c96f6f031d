import type { PresenceStatus } from '../../protocol/shapes.ts';
import { Attention } from './attention.ts';

const BEAT_MS = 20_000;
/** Tabs that somebody is at say so to the others this often, and are believed for twice as long and a little. */
const SIGN_MS = 10_000;
const SIGN_LASTS_MS = 22_000;
/** A beat this late means that the browser has put this page's timers to sleep. */
const LATE_MS = 5_000;

export interface PresenceBeatOptions {
  /** Shared by the tabs of one browser. */
  name: string;
  /** Whether this tab is the one that speaks for the browser, and can. */
  isDue(): boolean;
  /** Whether the person has chosen to be busy: that is so whether or not they are at a tab. */
  isBusy(): boolean;
  tell(status: PresenceStatus, nextInMs: number): Promise<unknown>;
}

/**
 * Says "here" (or "away" while nobody is at any tab, or what was chosen) and promises to say so again: when the promise
 * is broken, the server knows that this device is gone, whatever its connection looks like (invariant 14). A hidden page
 * whose timers sleep could only break its promises: it makes none until it is looked at again.
 */
export class PresenceBeat {
  #attention = new Attention(() => this.#onAttention());
  #channel: BroadcastChannel | null = null;
  #beats: ReturnType<typeof setInterval> | null = null;
  #signs: ReturnType<typeof setInterval> | null = null;
  #signAt = Number.NEGATIVE_INFINITY;
  #beatAt = 0;

  constructor(private readonly options: PresenceBeatOptions) {}

  /** Returns what ends it. */
  start(): () => void {
    if (typeof document !== 'undefined' && typeof BroadcastChannel !== 'undefined') {
      this.#channel = new BroadcastChannel(this.options.name);
      this.#channel.onmessage = () => {
        const wasSeen = this.#isSeen();
        this.#signAt = Date.now();
        if (!wasSeen) this.now();
      };
    }
    const leave = this.#attention.start();
    this.#beatAt = Date.now();
    this.#beats = setInterval(() => this.#beat(), BEAT_MS);
    return () => {
      leave();
      this.#stopSigns();
      if (this.#beats) clearInterval(this.#beats);
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

  #onAttention(): void {
    this.#stopSigns();
    if (this.#attention.isHere) {
      this.#sign();
      this.#signs = setInterval(() => this.#sign(), SIGN_MS);
    }
    this.now();
  }

  /** To the other tabs: somebody is at this one. */
  #sign(): void {
    this.#channel?.postMessage('seen');
  }

  #stopSigns(): void {
    if (this.#signs) clearInterval(this.#signs);
    this.#signs = null;
  }

  #isSeen(): boolean {
    return this.#attention.isHere || Date.now() - this.#signAt < SIGN_LASTS_MS;
  }
}
