import { useEffect, useRef, useState } from 'react';

/** Whole sentences at the beginning of a text: up to the last end of a sentence or of a line. */
export function wholeSentences(text: string): number {
  const ends = [...text.matchAll(/[.!?…。！？]["”»)]?(?=\s)|\n/g)];
  const last = ends.at(-1);
  return last ? last.index + last[0].length : 0;
}

const SAID_WITHIN_MS = 5_000;

/** Tells screen readers an answer that is being written: sentence by sentence, each once. */
export function SpokenSentences({ text, isWriting }: { text: string; isWriting: boolean }) {
  const hasFollowed = useRef(isWriting);
  const told = useRef(isWriting ? wholeSentences(text) : text.length);
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    if (isWriting) hasFollowed.current = true;
    // Only what was followed as it grew is told to its end.
    if (!hasFollowed.current) return;
    const end = isWriting ? wholeSentences(text) : text.length;
    if (end <= told.current) return;
    setSpoken(plain(text.slice(told.current, end)));
    told.current = end;
  }, [text, isWriting]);
  // Said once: whoever reads on finds it in the answer itself.
  useEffect(() => {
    if (isWriting || spoken === '') return;
    const timer = setTimeout(() => setSpoken(''), SAID_WITHIN_MS);
    return () => clearTimeout(timer);
  }, [isWriting, spoken]);
  if (!hasFollowed.current) return null;
  return (
    <p role="status" className="sr-only">
      {spoken}
    </p>
  );
}

/** Without the marks of Markdown that nobody wants read out. */
function plain(text: string): string {
  return text
    .replace(/^\s*(#{1,6}|[-*+>]|\d+\.)\s+/gm, '')
    .replace(/[*_`|]/g, '')
    .trim();
}
