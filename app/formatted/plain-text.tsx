import { useContext } from 'react';
import { Words } from './words.ts';

/** A message as it was typed. */
export function PlainText({ text }: { text: string }) {
  return (
    <span className="whitespace-pre-wrap" dir="auto">
      {useContext(Words)(text)}
    </span>
  );
}
