import { lazy, Suspense } from 'react';
import { OrPlain } from './or-plain.tsx';
import { PlainText } from './plain-text.tsx';
import { type ShowWords, Words } from './words.ts';

/** What may be more than words: emphasis, code, lists, quotations, tables, formulas, links. */
const MARKS = /[*_`~$|[\]\\]|^[ \t]*(?:[-+>]|#{1,6}|\d+[.)])\s|https?:\/\/|www\.|\S@\S/m;

const PersonMarkdown = lazy(() =>
  // Not here and no network to fetch it: the text as it was typed.
  import('./person-markdown.tsx').catch(() => ({ default: PlainText })),
);

/** What a person wrote: mostly plain words, which need no renderer. */
export function PersonText({ text, words }: { text: string; words: ShowWords }) {
  return (
    <Words.Provider value={words}>
      {MARKS.test(text) ? (
        <OrPlain text={text}>
          <Suspense fallback={<PlainText text={text} />}>
            <PersonMarkdown text={text} />
          </Suspense>
        </OrPlain>
      ) : (
        <PlainText text={text} />
      )}
    </Words.Provider>
  );
}
