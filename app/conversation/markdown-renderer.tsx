import { memo, useRef } from 'react';
import { Streamdown, type StreamdownProps } from 'streamdown';
import { CodeBlock } from '../formatted/code-block.tsx';
import { inDollars } from '../formatted/formulas.ts';
import { isIntricate } from '../formatted/intricate.ts';
import { ScrollingTable } from '../formatted/scrolling-table.tsx';
import { useFormulas } from '../formatted/use-formulas.ts';
import { AnswerImage, AnswerLink } from './answer-links.tsx';
import { StableParts } from './stable-parts.ts';

const looks: StreamdownProps = {
  controls: false,
  linkSafety: { enabled: false },
  components: { a: AnswerLink, img: AnswerImage, pre: CodeBlock, table: ScrollingTable },
};

/** The large half of showing Markdown: parses it, and while it grows only its end. */
export function MarkdownRenderer({ text, isWriting }: { text: string; isWriting: boolean }) {
  const plugins = useFormulas(text);
  const Shown = isWriting ? Growing : Part;
  return (
    <div className="prose">
      <Shown text={text} plugins={plugins} />
    </div>
  );
}

interface Written {
  text: string;
  /** Formulas, once something for them is there. */
  plugins: ReturnType<typeof useFormulas>;
}

/** What will not change any more is parsed once. */
const Part = memo(({ text, plugins }: Written) =>
  isIntricate(text, { withElements: true }) ? (
    <AsWritten text={text} />
  ) : (
    <Streamdown mode="static" plugins={plugins} {...looks}>
      {inDollars(text)}
    </Streamdown>
  ),
);

function AsWritten({ text }: { text: string }) {
  return <div className="whitespace-pre-wrap break-words">{text}</div>;
}

function Growing({ text, plugins }: Written) {
  const stable = useRef<StableParts>();
  stable.current ??= new StableParts();
  const { parts, tail } = stable.current.read(text);
  return (
    <>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever added at the end
        <Part key={index} text={part} plugins={plugins} />
      ))}
      {isIntricate(tail, { withElements: true }) ? (
        <AsWritten text={tail} />
      ) : (
        <Streamdown mode="streaming" isAnimating plugins={plugins} {...looks}>
          {inDollars(tail)}
        </Streamdown>
      )}
    </>
  );
}
