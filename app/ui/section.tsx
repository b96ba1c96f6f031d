import type { ReactNode } from 'react';

/** A headed part of a page, or of a narrow column, where it stands closer to what is above. */
export function Section({
  title,
  isNarrow = false,
  children,
}: {
  title: string;
  isNarrow?: boolean;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className={isNarrow ? 'mt-5' : 'mt-7'}>
      <h2
        className={`text-xs font-semibold tracking-wide text-faint uppercase ${isNarrow ? 'mb-2' : 'mb-3'}`}
      >
        {title}
      </h2>
      {children}
    </section>
  );
}
