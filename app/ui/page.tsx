import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';

/** A page in place of a conversation: the way back, its title, and a column that scrolls. */
export function Page({
  title,
  backLabel,
  onBack,
  children,
}: {
  title: string;
  backLabel: string;
  onBack(): void;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className="h-full overflow-y-auto">
      <div className="mx-auto max-w-xl px-4 py-4 pt-[max(16px,env(safe-area-inset-top))] pb-16">
        <div className="flex items-center gap-2">
          <IconButton label={backLabel} onClick={onBack}>
            <ArrowLeft className="rtl:-scale-x-100" />
          </IconButton>
          <h1 className="text-xl font-semibold">{title}</h1>
        </div>
        {children}
      </div>
    </section>
  );
}
