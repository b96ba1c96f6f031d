import { type ComponentProps, useEffect } from 'react';
import { Toaster as Sonner, toast } from 'sonner';
import { NoticeQueue } from './notice-queue.ts';
import { showToastsWith } from './toast.ts';

/** What it takes to notice a sentence, and to read each of its letters without haste. */
const NOTICE_MS = 4_000;
const LETTER_MS = 60;

/** Time stands still for a notice that the pointer rests on, and while the page is not looked at. */
const queue = new NoticeQueue(({ kind, text }, onGone) => {
  const isError = kind === 'error';
  const id = toast[kind](text, {
    duration: isError ? NOTICE_MS + text.length * LETTER_MS : NOTICE_MS,
    closeButton: isError,
    onAutoClose: onGone,
    onDismiss: onGone,
  });
  return () => void toast.dismiss(id);
});

/** Where words in passing are shown. */
export function Toaster({
  dismissLabel,
  ...props
}: ComponentProps<typeof Sonner> & { dismissLabel: string }) {
  useEffect(() => showToastsWith((kind, text) => queue.say({ kind, text })), []);
  return <Sonner {...props} toastOptions={{ closeButtonAriaLabel: dismissLabel }} />;
}
