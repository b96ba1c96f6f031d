import { common, createLowlight } from 'lowlight';
import { Fragment, type ReactNode, useMemo } from 'react';

/** Longer code is shown plain: colours are not worth a wait. */
const COLOURED_UP_TO = 20_000;

const lowlight = createLowlight(common);

type Children = ReturnType<typeof lowlight.highlight>['children'];

/** Code in colours, as elements: nothing in it can become anything but text. */
export function HighlightedCode({ code, language }: { code: string; language: string | null }) {
  const shown = useMemo(() => {
    if (!language || !lowlight.registered(language) || code.length > COLOURED_UP_TO) return code;
    try {
      return inElements(lowlight.highlight(language, code).children);
    } catch {
      return code; // A name that is none of its languages, `constructor` for one.
    }
  }, [code, language]);
  return <>{shown}</>;
}

function inElements(children: Children): ReactNode[] {
  return children.map((child, index) => {
    const key = `${index}:${child.type}`;
    if (child.type === 'text') return <Fragment key={key}>{child.value}</Fragment>;
    if (child.type !== 'element') return null;
    const { className } = child.properties;
    return (
      <span key={key} className={Array.isArray(className) ? className.join(' ') : undefined}>
        {inElements(child.children)}
      </span>
    );
  });
}
