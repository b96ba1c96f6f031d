/** Parts shorter than this are not worth a component of their own. */
const PART_AT_LEAST = 240;
/** How much of a line has to be there to tell what it begins. */
const TELLING = 8;
/** A line that may belong to what stands before it: indented, a list, a quotation, a table, a definition, HTML. */
const MAY_CONTINUE = /^(?:\s|[-*+>|<[:]|\d{1,9}[.)])/;
const FENCE = /^ {0,3}(`{3,}|~{3,}|\$\$)/;

/**
 * Cuts Markdown that grows into parts that will not change any more and a tail that may, so that only the tail is parsed
 * again with each new word. A cut is made only where a plain line follows an empty one outside of code and formulas.
 */
export class StableParts {
  #text = '';
  #parts: string[] = [];
  #cutAt = 0;
  #scanned = 0;
  #fence: string | null = null;
  #isAfterEmpty = false;

  /** The same text, or one that it begins, gives what was cut before. */
  read(text: string): { parts: readonly string[]; tail: string } {
    if (!text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    for (;;) {
      const end = text.indexOf('\n', this.#scanned);
      const line = text.slice(this.#scanned, end < 0 ? undefined : end);
      if (end < 0 && line.length < TELLING) break;
      if (this.#mayCutBefore(line)) this.#cut();
      if (end < 0) break;
      this.#pass(line);
      this.#scanned = end + 1;
    }
    return { parts: this.#parts, tail: text.slice(this.#cutAt) };
  }

  #mayCutBefore(line: string): boolean {
    const isPlain = line.trim() !== '' && !MAY_CONTINUE.test(line);
    return this.#isAfterEmpty && isPlain && this.#scanned - this.#cutAt >= PART_AT_LEAST;
  }

  #cut(): void {
    this.#parts = [...this.#parts, this.#text.slice(this.#cutAt, this.#scanned)];
    this.#cutAt = this.#scanned;
  }

  #pass(line: string): void {
    const [, mark] = FENCE.exec(line) ?? [];
    if (this.#fence === null) this.#fence = mark && !isWholeFormula(line) ? mark : null;
    else if (mark?.startsWith(this.#fence) && line.trim() === mark) this.#fence = null;
    this.#isAfterEmpty = this.#fence === null && line.trim() === '';
  }

  #reset(): void {
    this.#parts = [];
    this.#cutAt = 0;
    this.#scanned = 0;
    this.#fence = null;
    this.#isAfterEmpty = false;
  }
}

const isWholeFormula = (line: string) => /^ {0,3}\$\$.+\$\$\s*$/.test(line);
