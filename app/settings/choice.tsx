import { useId } from 'react';

/** One of a few, as a row of buttons. */
export function Choice<T extends string>({
  label,
  showsLabel = false,
  options,
  value,
  onChange,
}: {
  label: string;
  showsLabel?: boolean;
  options: Readonly<Record<T, string>>;
  value: T;
  onChange(value: T): void;
}) {
  const name = useId();
  // The keys of a record that is written out are its type's own.
  const keys = Object.keys(options) as T[];
  return (
    <fieldset>
      <legend className={showsLabel ? 'mb-1 text-sm font-medium' : 'sr-only'}>{label}</legend>
      <div className="flex flex-wrap gap-2">
        {keys.map((key) => (
          <label
            key={key}
            className="grid min-h-11 cursor-pointer place-items-center rounded-full border border-line bg-surface px-4 text-sm has-checked:border-indigo has-checked:bg-indigo-wash has-focus-visible:outline-2 has-focus-visible:outline-indigo-text wide:min-h-9"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={value === key}
              onChange={() => onChange(key)}
            />
            {options[key]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
