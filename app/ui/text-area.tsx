import { type TextareaHTMLAttributes, useId } from 'react';

/** A labelled field for more than a line. */
export function TextArea({
  label,
  ...rest
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { label: string }) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={3}
        dir="auto"
        className="rounded-control border border-line bg-surface px-3 py-2 text-ink placeholder:text-faint"
        {...rest}
      />
    </div>
  );
}
