/** As long as this without a touch, and nobody is taken to be at a page that is still open. */
export const UNTOUCHED_MS = 5 * 60_000;

/** What only a person does. A page scrolls by itself when a message comes, which is why scrolling is none of it. */
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'] as const;
const BY_THE_WAY = { capture: true, passive: true } as const;

/**
 * Whether somebody is at this page: it is visible, and was touched within the last minutes. Turning to it is a touch.
 * Nothing runs in a hidden page, nor in one that was left alone for as long.
 */
export class Attention {
  #touchedAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isHere = false;

  /** @param onChange told when somebody comes or goes */
  constructor(private readonly onChange: () => void) {}

  /** Always, where there is no page. */
  get isHere(): boolean {
    return this.#isHere || typeof document === 'undefined';
  }

  /** Returns what ends it. */
  start(): () => void {
    if (typeof document === 'undefined') return () => {};
    const onTouch = () => {
      this.#touchedAt = Date.now();
      if (!this.#isHere) this.#look();
    };
    const onTurn = () => {
      this.#touchedAt = Date.now();
      this.#look();
    };
    for (const touch of TOUCHES) window.addEventListener(touch, onTouch, BY_THE_WAY);
    document.addEventListener('visibilitychange', onTurn);
    onTurn();
    return () => {
      for (const touch of TOUCHES) window.removeEventListener(touch, onTouch, BY_THE_WAY);
      document.removeEventListener('visibilitychange', onTurn);
      this.#stopWaiting();
      this.#isHere = false;
    };
  }

  #look(): void {
    this.#stopWaiting();
    const left = document.visibilityState === 'hidden' ? 0 : this.#touchedAt + UNTOUCHED_MS - Date.now();
    if (left > 0) this.#timer = setTimeout(() => this.#look(), left);
    if (this.#isHere === left > 0) return;
    this.#isHere = left > 0;
    this.onChange();
  }

  #stopWaiting(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
