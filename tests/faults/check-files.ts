import { type Deed, type Findings, nameOf } from './ledger.ts';
import type { Truth } from './truth.ts';

/** A message has the files that were sent with it, each once, whole and in their order. */
export function checkFiles(deeds: readonly Deed[], truth: Truth, findings: Findings): void {
  for (const deed of deeds) {
    const message = deed.op === 'message.send' ? truth.messages.get(deed.about ?? '') : undefined;
    if (!message || message.isDeleted) continue;
    const [sent, held] = [deed.files ?? [], message.files];
    for (const { id, bytes } of sent) {
      const found = held.filter((file) => file.id === id);
      if (found.length === 0) findings.lost.push(`a file of ${nameOf(deed)}`);
      for (const file of found)
        if (file.bytes !== bytes.length)
          findings.lost.push(`${file.bytes} of ${bytes.length} bytes of a file of ${nameOf(deed)}`);
      if (found.length > 1) findings.doubled.push(`a file of ${nameOf(deed)}`);
    }
    const order = held.filter(({ id }) => sent.some((file) => file.id === id)).map(({ id }) => id);
    if (order.length === sent.length && order.some((id, index) => id !== sent[index]?.id))
      findings.reordered.push(`the files of ${nameOf(deed)}`);
    for (const { id } of held)
      if (!sent.some((file) => file.id === id)) findings.invented.push(`the file ${id} of ${nameOf(deed)}`);
  }
}
