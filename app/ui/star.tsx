/** Agent Jay's star. */
export function Star({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} fill="currentColor" aria-hidden="true">
      <path d="M12 2.6l2.75 6.2 6.75.7-5.05 4.5 1.45 6.65L12 17.2l-5.9 3.45 1.45-6.65L2.5 9.5l6.75-.7z" />
    </svg>
  );
}

/** The product's mark: a speech bubble with the star in it. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <path
        d="M7 3h18a5 5 0 0 1 5 5v11a5 5 0 0 1-5 5H15l-7.4 5.6V24H7a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5z"
        fill="var(--indigo)"
      />
      <path
        d="M16 6.6l2.05 4.65 5.05.5-3.8 3.35 1.1 4.95L16 17.45l-4.4 2.6 1.1-4.95-3.8-3.35 5.05-.5z"
        fill="var(--star)"
      />
    </svg>
  );
}
