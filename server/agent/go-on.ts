import type { TurnContext } from './context.ts';
import type { Speaker } from './providers/provider.ts';

const WISH =
  'Your answer broke off there. Go on exactly where it stops, in the middle of a word if need be. Repeat nothing of it' +
  ' and do not mention that it broke off.';

/** What a model is asked so that it goes on from its own text; the built-in guide is asked as before, for it costs nothing. */
export function contextToGoOn(context: TurnContext, kept: string, speaker: Speaker): TurnContext {
  if (kept === '' || speaker.isBuiltIn) return context;
  const { messages } = context;
  return {
    ...context,
    messages: [...messages, { role: 'assistant', content: kept }, { role: 'user', content: WISH }],
  };
}

/** What comes after a text in one that says it again; another text follows as a paragraph of its own. */
export class RestAfter {
  #seen = '';
  #isThrough: boolean;

  constructor(private readonly kept: string) {
    this.#isThrough = kept === '';
  }

  /** @returns what may be told now; can be empty */
  push(piece: string): string {
    if (this.#isThrough) return piece;
    this.#seen += piece;
    if (this.#seen.length < this.kept.length && this.kept.startsWith(this.#seen)) return '';
    this.#isThrough = true;
    if (this.#seen.startsWith(this.kept)) return this.#seen.slice(this.kept.length);
    return `\n\n${this.#seen}`;
  }
}
