import { lazy, type ReactNode, Suspense } from 'react';

/** The Markdown renderer is large and only answers need it: it comes when the first one is shown. */
const Renderer = lazy(async () => {
  // Not here and no network to fetch it: the text itself is better than nothing, let alone than no conversation.
  const loaded = await import('streamdown').catch(() => null);
  if (!loaded) return { default: ({ text }: { text: string; isWriting: boolean }) => <Plain text={text} /> };
  const { Streamdown } = loaded;
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

function Plain({ text }: { text: string }) {
  return <div className="prose whitespace-pre-wrap">{text}</div>;
}

export function Markdown({ text, isWriting = false }: { text: string; isWriting?: boolean }) {
  return (
    <Suspense fallback={<Plain text={text} />}>
      <Renderer text={text} isWriting={isWriting} />
    </Suspense>
  );
}

/** Opens on a tap and tells the other site nothing of us. */
function SafeLink(props: object) {
  // streamdown types what it hands over in two ways at once; these two are there.
  const { href, children: label } = props as { href?: string; children?: ReactNode };
  if (typeof href !== 'string' || !/^(https?:|mailto:)/i.test(href)) return <span>{label}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {label}
    </a>
  );
}

/** An answer must cause no request to anybody: a picture is named, not loaded. */
function ImageAsText(props: object) {
  // As above.
  const { alt, src } = props as { alt?: string; src?: string };
  return <span className="text-soft">[{String(alt || src || '')}]</span>;
}
