import { hasFormulas } from './formulas.ts';

/** What nests deeper, or repeats more often, than any person or model writes. */
const most = {
  /** Quotations and lists within each other, begun on one line. */
  containers: 24,
  /** Columns in front of a list's mark: two or more of them are a level. */
  indent: 96,
  /** Emphasis, brackets, elements, and groups of a formula, begun and not yet ended. */
  open: 64,
  /** Runs of marks of emphasis, brackets or `<` in one block: a parser looks back over all of them. */
  marks: 1_500,
  /** Lengths of runs of backticks: each looks for its like to the end of the block. */
  backticks: 16,
  /** Beginnings of comments and instructions, which do the same. */
  comments: 16,
  formulas: 400,
  /** A row has as many cells as the table has columns, whatever is written in it. */
  cells: 3_000,
} as const;

const CONTAINER = /[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))/y;
const FENCE = /^(`{3,}(?=[^`]*$)|~{3,})/;
const ELEMENT = /<(\/?)([a-z][a-z0-9-]*)/gi;
const UNTIL_ITS_END = /^ {0,3}<(?:pre|script|style|textarea|[!?])/i;
const EMPTY_ELEMENT = /^(?:br|hr|img|input|wbr)$/i;
const GROUP = /\\(?:left|begin)\b|\\(?:right|end)\b|\\[a-z]+[ \t]*(?=\\[a-z])|[{}]/gi;

/**
 * Whether to show a text as it was typed rather than as Markdown, which would take too long or too deep a stack. One
 * pass over it, before any parser.
 *
 * @param withElements HTML in it becomes elements
 */
export function isIntricate(text: string, { withElements = false } = {}): boolean {
  const inFormulas = hasFormulas(text);
  if (inFormulas && hasDeepFormula(text)) return true;
  const block = new Block();
  let fence: string | null = null;
  // Within formulas and elements a fence may be none: then what it seems to hold is looked at as well.
  let knowsFences = !inFormulas;
  let cells = 0;
  let comments = 0;
  let elements = 0;
  for (const line of text.split(/\r\n?|\n/)) {
    if (fence) {
      if (line.startsWith(fence) && line.slice(fence.length).trim().replaceAll(fence.charAt(0), '') === '')
        fence = null;
      continue;
    }
    fence = (knowsFences && !block.isElement && FENCE.exec(line)?.[1]) || null;
    if (fence) continue;
    if (UNTIL_ITS_END.test(line)) knowsFences = false;
    if (containersOf(line) > most.containers || indentOf(line) > most.indent) return true;
    if (block.takes(line)) return true;
    cells += block.columns;
    comments += line.split(/<[!?]/).length - 1;
    if (withElements) elements = Math.max(0, elements + openedIn(line));
    if (cells > most.cells || comments > most.comments || elements > most.open) return true;
  }
  return false;
}

/** What lies between two empty lines. */
class Block {
  columns = 0;
  isElement = false;
  #marks = 0;
  #emphasis = 0;
  #brackets = 0;
  #backticks = new Set<number>();

  /** @returns whether it has become too much */
  takes(line: string): boolean {
    if (line.trim() === '') {
      Object.assign(this, { columns: 0, isElement: false });
      this.#marks = 0;
      this.#emphasis = 0;
      this.#brackets = 0;
      this.#backticks.clear();
      return false;
    }
    if (/^ {0,3}</.test(line)) this.isElement = true;
    if (/^[\s>|:-]*$/.test(line) && line.includes('-'))
      this.columns = Math.max(this.columns, line.split('|').length - 1);
    for (const { 0: mark, index } of line.matchAll(/[*_~]+|[[\]<]|`+/g)) {
      this.#marks += 1;
      if (mark === '[') this.#brackets += 1;
      else if (mark === ']') this.#brackets = Math.max(0, this.#brackets - 1);
      else if (mark.startsWith('`')) this.#backticks.add(mark.length);
      else if (mark !== '<') this.#emphasise(line[index - 1], line[index + mark.length]);
      if (
        this.#marks > most.marks ||
        this.#emphasis > most.open ||
        this.#brackets > most.open ||
        this.#backticks.size > most.backticks
      )
        return true;
    }
    return false;
  }

  #emphasise(before = ' ', after = ' '): void {
    const mayBegin = !/\s/.test(after);
    const mayEnd = !/\s/.test(before);
    if (mayEnd && (!mayBegin || this.#emphasis > 0)) this.#emphasis = Math.max(0, this.#emphasis - 1);
    else if (mayBegin) this.#emphasis += 1;
  }
}

function containersOf(line: string): number {
  let count = 0;
  CONTAINER.lastIndex = 0;
  while (CONTAINER.test(line)) count += 1;
  return count;
}

function indentOf(line: string): number {
  const before = /^([ \t]*)(?:>|[-+*]|\d{1,9}[.)])/.exec(line)?.[1] ?? '';
  return before.replaceAll('\t', '    ').length;
}

function openedIn(line: string): number {
  let opened = 0;
  for (const [, slash, name = ''] of line.matchAll(ELEMENT))
    if (!EMPTY_ELEMENT.test(name)) opened += slash ? -1 : 1;
  return opened;
}

function hasDeepFormula(text: string): boolean {
  if (text.split(/\$\$|\\\(|\\\[/).length > most.formulas) return true;
  let open = 0;
  let inARow = 0;
  let end = 0;
  for (const { 0: mark, index } of text.matchAll(GROUP)) {
    const isOfARow = /^\\(?!(?:left|right|begin|end)\b)/.test(mark);
    inARow = isOfARow && index === end ? inARow + 1 : 0;
    end = index + mark.length;
    if (mark === '{' || /^\\(?:left|begin)\b/.test(mark)) open += 1;
    else if (mark === '}' || /^\\(?:right|end)\b/.test(mark)) open = Math.max(0, open - 1);
    if (open > most.open || inARow > most.open) return true;
  }
  return false;
}
