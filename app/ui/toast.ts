import type { Notice } from './notice-queue.ts';

type Say = (kind: Notice['kind'], text: string) => void;

let say: Say | null = null;
const unsaid: Parameters<Say>[] = [];

function tell(...said: Parameters<Say>): void {
  if (say) say(...said);
  else unsaid.push(said);
}

/** A word in passing, over the page. What is said before the place for it is there is said then. */
export const toast = {
  success: (text: string) => tell('success', text),
  error: (text: string) => tell('error', text),
};

/** For the place where they are shown; returns how to leave it. */
export function showToastsWith(show: Say): () => void {
  say = show;
  for (const said of unsaid.splice(0)) show(...said);
  return () => {
    say = null;
  };
}
