import { lazy, memo, Suspense } from 'react';
import { OrPlain } from '../formatted/or-plain.tsx';

/** The Markdown renderer is large and only answers need it: it comes when the first one is shown. */
const Renderer = lazy(() =>
  // Not here and no network to fetch it: the text itself is better than nothing, let alone than no conversation.
  import('./markdown-renderer.tsx').catch(() => ({
    default: ({ text }: { text: string; isWriting: boolean }) => <Plain text={text} />,
  })),
);

function Plain({ text }: { text: string }) {
  return <div className="prose whitespace-pre-wrap">{text}</div>;
}

export const Markdown = memo(({ text, isWriting = false }: { text: string; isWriting?: boolean }) => (
  <OrPlain text={text}>
    <Suspense fallback={<Plain text={text} />}>
      <Renderer text={text} isWriting={isWriting} />
    </Suspense>
  </OrPlain>
));
