import type { ReactNode } from 'react';
import { later } from '../parts/later.tsx';

export interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  closeLabel: string;
  children: ReactNode;
}

const DialogFrame = later(async () => (await import('./dialog-frame.tsx')).DialogFrame);

/** A sheet from below on a phone, a card in the middle on a desktop. */
export function Dialog(props: DialogProps) {
  return props.open ? <DialogFrame {...props} /> : null;
}
