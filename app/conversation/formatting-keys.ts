/** What a key with Ctrl or ⌘ puts around the chosen words. */
const MARKS: Record<string, string> = { b: '**', i: '_' };

/** Wraps what is chosen in the field, or unwraps it again. Returns the new text; null when the key means nothing here. */
export function formatByKey(
  area: HTMLTextAreaElement,
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string | null {
  const mark = MARKS[event.key.toLowerCase()];
  if (!mark || event.ctrlKey === event.metaKey || event.altKey || event.shiftKey) return null;
  const { selectionStart: start, selectionEnd: end, value } = area;
  const isWrapped = value.slice(0, start).endsWith(mark) && value.slice(end).startsWith(mark);
  const chosen = value.slice(start, end);
  if (isWrapped) area.setRangeText(chosen, start - mark.length, end + mark.length, 'select');
  else {
    area.setRangeText(`${mark}${chosen}${mark}`, start, end);
    area.setSelectionRange(start + mark.length, end + mark.length);
  }
  return area.value;
}
