import { later } from '../parts/later.tsx';
import { OrPlain } from './or-plain.tsx';
import { PlainText } from './plain-text.tsx';
import { type ShowWords, Words } from './words.ts';

/** What may be more than words: emphasis, code, lists, quotations, tables, formulas, links. */
const MARKS = /[*_`~$|[\]\\]|^[ \t]*(?:[-+>]|#{1,6}|\d+[.)])\s|https?:\/\/|www\.|\S@\S/m;

/** Until it is here: the text as it was typed. */
const PersonMarkdown = later(async () => (await import('./person-markdown.tsx')).PersonMarkdown, {
  Place: PlainText,
  isRare: true,
});

/** What a person wrote: mostly plain words, which need no renderer. */
export function PersonText({ text, words }: { text: string; words: ShowWords }) {
  return (
    <Words.Provider value={words}>
      {MARKS.test(text) ? (
        <OrPlain text={text}>
          <PersonMarkdown text={text} />
        </OrPlain>
      ) : (
        <PlainText text={text} />
      )}
    </Words.Provider>
  );
}
