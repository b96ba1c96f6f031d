import { Children, type ReactNode, useContext, useMemo } from 'react';
import { defaultRehypePlugins, defaultRemarkPlugins, Streamdown, type StreamdownProps } from 'streamdown';
import { CodeBlock } from './code-block.tsx';
import { inDollars } from './formulas.ts';
import { isIntricate } from './intricate.ts';
import { PlainText } from './plain-text.tsx';
import { ScrollingTable } from './scrolling-table.tsx';
import { useFormulas } from './use-formulas.ts';
import { Words } from './words.ts';

const { sanitize, harden } = defaultRehypePlugins;

const looks: StreamdownProps = {
  mode: 'static',
  dir: 'auto',
  controls: false,
  linkSafety: { enabled: false },
  remarkPlugins: [...Object.values(defaultRemarkPlugins), () => tagsAsTyped],
  // Without the one that makes elements of HTML.
  rehypePlugins: [sanitize, harden].filter((plugin) => plugin !== undefined),
  components: {
    a: PersonLink,
    img: PictureAsLink,
    pre: CodeBlock,
    table: ScrollingTable,
    p: withWords('p'),
    li: withWords('li'),
    strong: withWords('strong'),
    em: withWords('em'),
  },
};

/** Markdown as people type it into a chat: a new line is a new line, and `<b>` is what it says. */
export function PersonMarkdown({ text }: { text: string }) {
  const isPlain = useMemo(() => isIntricate(text), [text]);
  return isPlain ? <PlainText text={text} /> : <Marked text={text} />;
}

function Marked({ text }: { text: string }) {
  return (
    <div className="prose prose-person" dir="auto">
      <Streamdown {...looks} plugins={useFormulas(text)}>
        {inDollars(text)}
      </Streamdown>
    </div>
  );
}

interface Node {
  type: string;
  children?: Node[];
}

function tagsAsTyped(node: Node): void {
  if (node.type === 'html') node.type = 'text';
  for (const child of node.children ?? []) tagsAsTyped(child);
}

/** Opens on a tap, tells the other site nothing of us, and says where it leads when its words say otherwise. */
function PersonLink(props: object) {
  // The renderer types what it hands over as anything.
  const { href, children: label } = props as { href?: string; children?: ReactNode };
  if (typeof href !== 'string' || !/^(https?:|mailto:)/i.test(href)) return <span>{label}</span>;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      {label}
    </a>
  );
}

/** No message makes a device ask another site for anything: a picture's address is a link. */
function PictureAsLink(props: object) {
  // As above.
  const { alt, src } = props as { alt?: string; src?: string };
  return <PersonLink {...{ href: src, children: alt || src }} />;
}

function withWords(Tag: 'p' | 'li' | 'strong' | 'em') {
  return (props: object) => {
    const show = useContext(Words);
    // As above.
    const { children } = props as { children?: ReactNode };
    return <Tag>{Children.map(children, (child) => (typeof child === 'string' ? show(child) : child))}</Tag>;
  };
}
