import { lazy, Suspense, useContext } from 'react';
import { type ShowWords, Words } from './words.ts';

/** What may be more than words: emphasis, code, lists, quotations, tables, formulas, links. */
const MARKS = /[*_`~$|[\]\\]|^\s*(?:[-+>]|#{1,6}|\d+[.)])\s|https?:\/\/|www\.|\S@\S/m;

const PersonMarkdown = lazy(() =>
  // Not here and no network to fetch it: the text as it was typed.
  import('./person-markdown.tsx').catch(() => ({ default: Plain })),
);

function Plain({ text }: { text: string }) {
  return (
    <span className="whitespace-pre-wrap" dir="auto">
      {useContext(Words)(text)}
    </span>
  );
}

/** What a person wrote: mostly plain words, which need no renderer. */
export function PersonText({ text, words }: { text: string; words: ShowWords }) {
  return (
    <Words.Provider value={words}>
      {MARKS.test(text) ? (
        <Suspense fallback={<Plain text={text} />}>
          <PersonMarkdown text={text} />
        </Suspense>
      ) : (
        <Plain text={text} />
      )}
    </Words.Provider>
  );
}
