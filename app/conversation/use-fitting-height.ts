import { type RefObject, useEffect } from 'react';

/** The height of a field follows its text, up to so many lines. */
export function useFittingHeight(
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  lines: number,
): void {
  useEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = 'auto';
    if (text === '') return;
    const line = Number.parseFloat(getComputedStyle(area).lineHeight) || 24;
    area.style.height = `${Math.min(area.scrollHeight, line * lines + 16)}px`;
  }, [field, text, lines]);
}
