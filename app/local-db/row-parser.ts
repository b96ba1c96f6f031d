import type { z } from 'zod';

/** Names a schema's store, and takes a row that does not fit it. */
export type SetAside = (store: string, row: unknown, fits: (row: unknown) => boolean) => void;

/**
 * Reads rows through their schemas: one that is not ours (another version's, a corrupt one) is set aside, never shown
 * and never fatal.
 */
export class RowParser {
  constructor(private readonly setAside: SetAside) {}

  one<T>(store: string, schema: z.ZodType<T>, row: unknown): T | null {
    if (row === undefined) return null;
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    this.setAside(store, row, (now) => schema.safeParse(now).success);
    return null;
  }

  all<T>(store: string, schema: z.ZodType<T>, rows: readonly unknown[]): T[] {
    return rows.flatMap((row) => this.one(store, schema, row) ?? []);
  }
}
