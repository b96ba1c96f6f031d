import type { OwedRestore } from '../local-db/owed-restores.ts';
import { makePart } from '../parts/part.ts';
import { failureOf } from '../trpc/client.ts';
import type { ServerCopy } from './restore-change.ts';

/** Hardly ever needed, and never on a first screen. */
const restoring = makePart(() => import('./restore-change.ts'));

/** How long after it could not be fetched something is asked for again. */
const AGAIN_AFTER_MS = 5_000;

/**
 * Shows what a change was about as the server has it, once the change was refused or given up. What cannot be fetched
 * now stays owed: until the network is back, or the app is opened again.
 */
export class Restorer {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #isClosed = false;

  constructor(private readonly options: ServerCopy) {}

  /** Safe to call at any time, any number of times. */
  pay(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#isClosed) return Promise.resolve();
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#payAll()
      .catch(() => false)
      .then((isPaid) => {
        this.#running = null;
        if (this.#isClosed) return;
        if (this.#again) return this.pay();
        if (!isPaid) this.#timer = setTimeout(() => void this.pay(), AGAIN_AFTER_MS);
      });
    return this.#running;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Resolves whether nothing is left to be fetched. */
  async #payAll(): Promise<boolean> {
    this.#again = false;
    const { db } = this.options;
    let isPaid = true;
    const restores = await db.restores();
    for (const owed of await restores.owed()) {
      if (await this.#isRestored(owed)) await restores.paid(owed.mutationId);
      else isPaid = false;
    }
    // A refused change stays for its person to decide, and while it does its conversation is compared with nobody's.
    for (const entry of await db.listOutbox())
      if (entry.state === 'failed' && !(await this.#isRestored(entry))) isPaid = false;
    return isPaid;
  }

  async #isRestored(change: Pick<OwedRestore, 'op' | 'input'>): Promise<boolean> {
    try {
      const { restoreChange } = await restoring.fetch();
      await restoreChange(this.options, change);
      return true;
    } catch (error) {
      const failure = failureOf(error);
      // It is not there, or not for this account: events tell of that.
      return failure !== null && !failure.retryable && failure.reason !== 'UNAUTHENTICATED';
    }
  }
}
