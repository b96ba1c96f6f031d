import type { Changes } from './changes.ts';
import type { Handle } from './handle.ts';
import { OutboxEntry, StrangeEntry } from './rows.ts';

/** Entries of the outbox that this version cannot read: they stay, and are shown as what they are. */
export class StrangeEntries {
  constructor(
    private readonly handle: Handle,
    private readonly changes: Changes,
  ) {}

  async list(): Promise<StrangeEntry[]> {
    const rows = await this.handle.run((idb) => idb.getAll('outbox'));
    return rows.flatMap((row) =>
      OutboxEntry.safeParse(row).success ? [] : (StrangeEntry.safeParse(row).data ?? []),
    );
  }

  async remove(position: number): Promise<void> {
    await this.handle.run((idb) => idb.delete('outbox', position));
    this.changes.announce(['outbox']);
  }
}
