/**
 * Whether a page that went away now would take something with it that somebody typed or chose. A field whose text is
 * stored as one types says so (`data-kept`); what was chosen and is not typed says so, too (`data-unsaved`).
 */
export function isHalfTyped(): boolean {
  for (const field of typedIn) if (!field.isConnected) typedIn.delete(field);
  const isOpen = (field: Typed) => field.value.trim() !== '' && field.dataset.kept === undefined;
  return [...typedIn].some(isOpen) || document.querySelector('[data-unsaved]') !== null;
}

type Typed = HTMLInputElement | HTMLTextAreaElement;

/** Fields of this page that somebody has typed in. */
const typedIn = new Set<Typed>();

/** Call once a page. */
export function watchTyping(): void {
  document.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) typedIn.add(target);
  });
}
