import type { LucideIcon } from 'lucide-react';

/** What can be done, one to a line, each as large as a thumb. */
export function ActionList({
  actions,
  onChosen,
}: {
  actions: readonly { label: string; Icon: LucideIcon; isDanger?: boolean; run(): void }[];
  /** Before it is done. */
  onChosen(): void;
}) {
  return (
    <ul>
      {actions.map(({ label, Icon, isDanger, run }) => (
        <li key={label}>
          <button
            type="button"
            className={`flex min-h-12 w-full items-center gap-4 rounded-lg px-2 text-start hover:bg-ink/7 ${isDanger ? 'text-danger' : ''}`}
            onClick={() => {
              onChosen();
              run();
            }}
          >
            <Icon className="h-5 w-5" /> {label}
          </button>
        </li>
      ))}
    </ul>
  );
}
