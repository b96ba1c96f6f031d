import { memo } from 'react';
import { OrPlain } from '../formatted/or-plain.tsx';
import { later } from '../parts/later.tsx';

/** The Markdown renderer is large and only answers need it: it comes when the first one is shown. */
const Renderer = later(async () => (await import('./markdown-renderer.tsx')).MarkdownRenderer, {
  Place: Plain,
  isRare: true,
});

function Plain({ text }: { text: string }) {
  return <div className="prose whitespace-pre-wrap">{text}</div>;
}

export const Markdown = memo(({ text, isWriting = false }: { text: string; isWriting?: boolean }) => (
  <OrPlain text={text}>
    <Renderer text={text} isWriting={isWriting} />
  </OrPlain>
));
