/**
 * Gathers tokens so that devices get few frames: the first at once, later ones together every `everyMs`.
 * `tell` gets pieces that, put together, are the text byte for byte (invariant 15).
 */
export class Coalescer {
  #waiting = '';
  #timer: NodeJS.Timeout | null = null;
  #hasTold = false;

  constructor(
    private readonly tell: (piece: string) => void,
    private readonly everyMs = 40,
  ) {}

  add(piece: string): void {
    if (piece === '') return;
    this.#waiting += piece;
    if (!this.#hasTold) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), this.everyMs);
  }

  flush(): void {
    const piece = this.#waiting;
    this.drop();
    if (piece === '') return;
    this.#hasTold = true;
    this.tell(piece);
  }

  /** Forgets what waits: somebody else tells this answer now. */
  drop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = '';
  }
}
