// Runs in the browser: an answer that grows, as the product shows it and as streamdown shows it by itself.
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Streamdown } from 'streamdown';
import { Markdown } from '../../app/conversation/markdown.tsx';

const views = {
  ours: ({ text }: { text: string }) => <Markdown text={text} isWriting />,
  streamdown: ({ text }: { text: string }) => <Streamdown>{text}</Streamdown>,
};

export type View = keyof typeof views;

let show: (text: string) => void = () => {};

function Screen({ view }: { view: View }) {
  const [text, setText] = useState('');
  show = setText;
  const Shown = views[view];
  return <Shown text={text} />;
}

const tokens: string[] = [];
const root = document.createElement('div');
document.body.append(root);

/** One conversation's answer: prose, lists, code and a table, over and over. */
function token(i: number): string {
  const at = i % 120;
  if (at === 0) return `\n\n## Part ${i / 120}\n\n`;
  if (at > 60 && at < 70) return `\n- point **${i}** of it`;
  if (at === 80) return '\n\n```python\n';
  if (at > 80 && at < 90) return `x${i} = ${i}\n`;
  if (at === 90) return '```\n\n';
  return `word${i} `;
}

Object.assign(window, {
  begin: (view: View) => createRoot(root).render(<Screen view={view} />),
  /** Adds so many tokens, `together` in each piece, and resolves once the last of them is on the screen. */
  async grow(count: number, together: number) {
    for (let added = 0; added < count; added += together) {
      for (let i = 0; i < together; i += 1) tokens.push(token(tokens.length));
      show(tokens.join(''));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    tokens.push(`end${tokens.length} `);
    show(tokens.join(''));
    while (!root.textContent?.includes(`end${tokens.length - 1}`))
      await new Promise((resolve) => setTimeout(resolve, 5));
  },
});
