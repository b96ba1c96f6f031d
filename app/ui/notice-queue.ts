export interface Notice {
  kind: 'success' | 'error';
  text: string;
}

/**
 * Puts a notice on the screen, and calls `onGone` once it has left by itself or was dismissed.
 * @returns what takes it away before
 */
export type ShowNotice = (notice: Notice, onGone: () => void) => () => void;

/**
 * One sentence at a time, one after another. Good news gives way to whatever is newer; an error stays until it was there
 * long enough to read, or was dismissed. What is said already, or about to be, is not said twice.
 */
export class NoticeQueue {
  #shown: { notice: Notice; takeAway(): void } | null = null;
  #waiting: Notice[] = [];

  constructor(private readonly show: ShowNotice) {}

  say(notice: Notice): void {
    if (this.#waiting.at(-1)?.kind === 'success') this.#waiting.pop();
    if (this.#shown?.notice.kind === 'success') {
      const { takeAway } = this.#shown;
      this.#shown = null;
      takeAway();
    }
    const said = this.#shown ? [this.#shown.notice, ...this.#waiting] : this.#waiting;
    if (!said.some(({ kind, text }) => kind === notice.kind && text === notice.text))
      this.#waiting.push(notice);
    if (!this.#shown) this.#next();
  }

  #next(): void {
    const notice = this.#waiting.shift();
    if (!notice) return;
    const shown = { notice, takeAway: () => {} };
    this.#shown = shown;
    shown.takeAway = this.show(notice, () => {
      if (this.#shown !== shown) return;
      this.#shown = null;
      this.#next();
    });
  }
}
