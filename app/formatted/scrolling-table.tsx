import type { ReactNode } from 'react';
import { en } from '../messages/en.ts';

/** A wide table scrolls in itself; the conversation around it stays. */
export function ScrollingTable(props: object) {
  // As for code: what is handed over is typed as anything.
  const { children } = props as { children?: ReactNode };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-scroll" aria-label={en.formatted.table} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}
