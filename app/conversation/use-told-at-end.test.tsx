import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { useToldAtEnd } from './use-told-at-end.ts';

const marked: number[] = [];

function List({ lastId, lastSeq, isAtEnd = true }: { lastId: string; lastSeq: number; isAtEnd?: boolean }) {
  useToldAtEnd({ isAtEnd, lastId, lastSeq }, () => marked.push(lastSeq));
  return null;
}

it('marks a message as read whose conversation is told of it later than its list', async () => {
  const root = createRoot(document.createElement('div'));
  flushSync(() => root.render(<List lastId="four" lastSeq={4} />));
  flushSync(() => root.render(<List lastId="five" lastSeq={4} />));
  flushSync(() => root.render(<List lastId="five" lastSeq={5} />));
  await expect.poll(() => marked.at(-1)).toBe(5);
  flushSync(() => root.render(<List lastId="five" lastSeq={6} isAtEnd={false} />));
  root.unmount();
  expect(marked.at(-1)).toBe(5);
});
