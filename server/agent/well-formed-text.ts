import { storable } from '../../protocol/text.ts';

/**
 * Makes a model's pieces safe to store and to send: no NUL, which PostgreSQL cannot hold, and no half of a surrogate
 * pair, which would not survive UTF-8. A pair that two pieces share leaves whole, with the second one (invariant 15:
 * what devices put together is what is stored).
 */
export class WellFormedText {
  #half = '';

  /** @returns what may leave now; can be empty */
  push(piece: string): string {
    const text = this.#half + piece;
    const last = text.charCodeAt(text.length - 1);
    const isHalf = last >= 0xd800 && last <= 0xdbff;
    this.#half = isHalf ? text.slice(-1) : '';
    return storable(isHalf ? text.slice(0, -1) : text);
  }

  /** @returns what was held back for a second half that never came */
  end(): string {
    const rest = storable(this.#half);
    this.#half = '';
    return rest;
  }
}
