import { type SelectHTMLAttributes, useId } from 'react';

/** One of many, by the platform's own list. */
export function Select({
  label,
  options,
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & {
  label: string;
  /** Value and what is shown of it, in order. */
  options: readonly (readonly [value: string, shown: string])[];
}) {
  const id = useId();
  return (
    <div className="grid min-w-0 gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <select
        id={id}
        className="min-h-11 w-full min-w-0 rounded-control border border-line bg-surface ps-3 pe-8 text-ink"
        {...rest}
      >
        {options.map(([value, shown]) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
    </div>
  );
}
