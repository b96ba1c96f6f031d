import { memo, useRef } from 'react';
import { Streamdown, type StreamdownProps } from 'streamdown';
import { AnswerImage, AnswerLink } from './answer-links.tsx';
import { StableParts } from './stable-parts.ts';

const looks: StreamdownProps = {
  controls: false,
  linkSafety: { enabled: false },
  components: { a: AnswerLink, img: AnswerImage },
};

/** The large half of showing Markdown: parses it, and while it grows only its end. */
export default function MarkdownRenderer({ text, isWriting }: { text: string; isWriting: boolean }) {
  return <div className="prose">{isWriting ? <Growing text={text} /> : <Part text={text} />}</div>;
}

/** What will not change any more is parsed once. */
const Part = memo(({ text }: { text: string }) => (
  <Streamdown mode="static" {...looks}>
    {text}
  </Streamdown>
));

function Growing({ text }: { text: string }) {
  const stable = useRef<StableParts>();
  stable.current ??= new StableParts();
  const { parts, tail } = stable.current.read(text);
  return (
    <>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever added at the end
        <Part key={index} text={part} />
      ))}
      <Streamdown mode="streaming" isAnimating {...looks}>
        {tail}
      </Streamdown>
    </>
  );
}
