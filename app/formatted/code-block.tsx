import { Copy } from 'lucide-react';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { toast } from '../ui/toast.ts';

/** Colours come when the first code is shown; until then it is plain. */
const HighlightedCode = later(async () => (await import('./highlighted-code.tsx')).HighlightedCode, {
  Place: ({ code }) => code,
  isRare: true,
});

/** What Markdown's tree has at a fence: one element of code with a text. */
interface Node {
  value?: string;
  properties?: { className?: unknown };
  children?: Node[];
}

/** Stands where a renderer of Markdown would have `pre`: names the language, and copies. */
export function CodeBlock(props: object) {
  // The renderer hands over the tree beside the attributes, which it types as anything.
  const { node } = props as { node?: Node };
  const code = textOf(node).replace(/\n$/, '');
  const language = languageOf(node?.children?.[0]);
  async function copy() {
    await navigator.clipboard.writeText(code);
    toast.success(en.copied);
  }
  return (
    <figure className="code-block" dir="ltr">
      <figcaption>
        <span>{language ?? en.formatted.code}</span>
        <button type="button" onClick={() => void copy()} aria-label={en.formatted.copyCode}>
          <Copy aria-hidden="true" /> {en.copy}
        </button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre tabIndex={0}>
        <code>
          <HighlightedCode code={code} language={language} />
        </code>
      </pre>
    </figure>
  );
}

function textOf(node: Node | undefined): string {
  return node?.value ?? (node?.children ?? []).map(textOf).join('');
}

function languageOf(code: Node | undefined): string | null {
  const names = [code?.properties?.className].flat().map(String);
  return names.find((name) => name.startsWith('language-'))?.slice('language-'.length) ?? null;
}
