import { type ComponentProps, useEffect } from 'react';
import { Toaster as Sonner, toast } from 'sonner';
import { showToastsWith } from './toast.ts';

/** Where words in passing are shown. */
export function Toaster(props: ComponentProps<typeof Sonner>) {
  useEffect(() => showToastsWith((kind, text) => toast[kind](text)), []);
  return <Sonner {...props} />;
}
