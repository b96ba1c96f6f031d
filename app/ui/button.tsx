import { type ButtonHTMLAttributes, forwardRef, type ReactNode } from 'react';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

const looks: Record<Look, string> = {
  primary: 'bg-indigo text-indigo-ink hover:brightness-110',
  plain: 'border border-line bg-surface text-ink hover:bg-side',
  quiet: 'text-soft hover:bg-ink/7',
  danger: 'border border-danger text-danger hover:bg-danger-wash',
};

export function Button({
  look = 'plain',
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look }) {
  return (
    <button
      type="button"
      className={`inline-flex min-h-11 items-center justify-center gap-2 rounded-control px-4 font-medium transition disabled:opacity-50 wide:min-h-9 ${looks[look]} ${className}`}
      {...rest}
    />
  );
}

/** An icon with a name; 44 px to a finger, 36 px to a mouse. Takes a ref: a menu opens where its button is. */
export const IconButton = forwardRef<
  HTMLButtonElement,
  ButtonHTMLAttributes<HTMLButtonElement> & { label: string; children: ReactNode }
>(function IconButton({ label, children, className = '', ...rest }, ref) {
  return (
    <button
      ref={ref}
      type="button"
      aria-label={label}
      title={label}
      className={`grid h-11 w-11 flex-none place-items-center rounded-control text-soft transition hover:bg-ink/7 disabled:opacity-40 wide:h-9 wide:w-9 [&>svg]:h-5 [&>svg]:w-5 ${className}`}
      {...rest}
    >
      {children}
    </button>
  );
});
