/** Exactly one tab of a browser holds the stream; the others follow it. */
export interface LeadershipOptions {
  name: string;
  /** This tab leads from now on; resolves what to do when it no longer does. */
  lead(): () => void;
  /** From the leader, in the tabs that follow. */
  onMessage(message: unknown): void;
  /** A tab that follows wants the stream to be opened again now. */
  onAsked(): void;
  /** A tab that has just come follows, and knows nothing yet. */
  onNewcomer(): void;
  heartbeatMs?: number;
}

export class Leadership {
  #channel: BroadcastChannel | null = null;
  #abdicate: (() => void) | null = null;
  #heartbeat: ReturnType<typeof setInterval> | null = null;
  #lastSign = performance.now();
  #closed = false;

  constructor(private readonly options: LeadershipOptions) {}

  get isLeader(): boolean {
    return this.#abdicate !== null;
  }

  start(): void {
    const { name, onMessage, onAsked, onNewcomer, heartbeatMs = 2_000 } = this.options;
    if (typeof BroadcastChannel !== 'undefined') {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }) => {
        if (data === ASK || data === HELLO) {
          if (this.isLeader) (data === ASK ? onAsked : onNewcomer)();
          return;
        }
        this.#lastSign = performance.now();
        if (!this.isLeader && data !== BEAT) onMessage(data);
      };
      this.#channel.postMessage(HELLO);
    }
    let lastTick = performance.now();
    this.#heartbeat = setInterval(() => {
      const now = performance.now();
      // Browsers let hidden tabs act once a minute: then the leader's sign may come as late as this very tick.
      const ownPause = now - lastTick;
      lastTick = now;
      if (this.isLeader) this.#channel?.postMessage(BEAT);
      // A frozen leader still holds its lock: it is taken from it.
      else if (now - this.#lastSign > Math.max(heartbeatMs * 4, ownPause * 2)) this.#request(true);
    }, heartbeatMs);
    this.#request(false);
  }

  /** Told to the tabs that follow. */
  tell(message: unknown): void {
    if (this.isLeader) this.#channel?.postMessage(message);
  }

  /** Asks the leader to open the stream again now. */
  ask(): void {
    this.#channel?.postMessage(ASK);
  }

  close(): void {
    this.#closed = true;
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#resign();
    this.#channel?.close();
    this.#channel = null;
  }

  #request(steal: boolean): void {
    const { name } = this.options;
    this.#lastSign = performance.now();
    if (!hasLocks()) {
      this.#become();
      return;
    }
    navigator.locks
      .request(name, { steal }, () => {
        if (this.#closed) return;
        return new Promise<void>((release) => this.#become(release));
      })
      .catch(() => {
        // Another tab took it while this one slept: it follows, and asks again to be next.
        this.#resign();
        if (!this.#closed) this.#request(false);
      });
  }

  #become(release: () => void = () => {}): void {
    const end = this.options.lead();
    this.#abdicate = () => {
      end();
      release();
    };
  }

  #resign(): void {
    const abdicate = this.#abdicate;
    this.#abdicate = null;
    abdicate?.();
  }
}

/** Where there are none, every tab leads. */
export function hasLocks(): boolean {
  return typeof navigator !== 'undefined' && !!navigator.locks;
}

const BEAT = 'beat';
const ASK = 'ask';
const HELLO = 'hello';
