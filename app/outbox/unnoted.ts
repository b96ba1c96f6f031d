import type { MutationId } from '../../protocol/ids.ts';
import type { OutboxResult } from '../../protocol/outbox.ts';
import type { OutboxEntry } from '../local-db/rows.ts';

/**
 * What this tab knows of its entries and could not write down, for a device that is full. Sending needs no room; with
 * this nothing is sent on and on. A tab that knows less sends once more, which does no harm (invariant 2).
 */
export class Unnoted {
  #left = new Set<MutationId>();
  #answers = new Map<string, OutboxResult>();

  /** These go now, and nothing on the device says so. */
  leave(entries: readonly OutboxEntry[]): void {
    for (const { mutationId } of entries) this.#left.add(mutationId);
  }

  hasLeft(mutationId: MutationId): boolean {
    return this.#left.has(mutationId);
  }

  /** What the server has said for good. */
  answered(results: Iterable<OutboxResult>): void {
    for (const result of results)
      if (result.ok || !result.error.retryable) this.#answers.set(result.mutationId, result);
  }

  get answers(): ReadonlyMap<string, OutboxResult> {
    return this.#answers;
  }

  /** It is written down, or there is nothing to be written. */
  forget(mutationId: string): void {
    this.#answers.delete(mutationId);
  }
}
