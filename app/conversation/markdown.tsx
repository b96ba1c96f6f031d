import { lazy, type ReactNode, Suspense } from 'react';

/** The Markdown renderer is large and only answers need it: it comes when the first one is shown. */
const Renderer = lazy(async () => {
  const { Streamdown } = await import('streamdown');
  return {
    default: ({ text, isWriting }: { text: string; isWriting: boolean }) => (
      <Streamdown
        mode={isWriting ? 'streaming' : 'static'}
        isAnimating={isWriting}
        controls={false}
        linkSafety={{ enabled: false }}
        components={{ a: SafeLink, img: ImageAsText }}
        className="prose"
      >
        {text}
      </Streamdown>
    ),
  };
});

export function Markdown({ text, isWriting = false }: { text: string; isWriting?: boolean }) {
  return (
    <Suspense fallback={<div className="prose whitespace-pre-wrap">{text}</div>}>
      <Renderer text={text} isWriting={isWriting} />
    </Suspense>
  );
}

/** Opens on a tap and tells the other site nothing of us. */
function SafeLink({ href, children }: Record<string, unknown>) {
  // React made them.
  const label = children as ReactNode;
  if (typeof href !== 'string' || !/^(https?:|mailto:)/i.test(href)) return <span>{label}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {label}
    </a>
  );
}

/** An answer must cause no request to anybody: a picture is named, not loaded. */
function ImageAsText({ alt, src }: Record<string, unknown>) {
  return <span className="text-soft">[{String(alt || src || '')}]</span>;
}
