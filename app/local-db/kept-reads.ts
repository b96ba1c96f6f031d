import { Memory } from '../../protocol/memory.ts';
import { Project } from '../../protocol/project.ts';
import type { Handle } from './handle.ts';
import type { RowParser } from './row-parser.ts';

/** Reads of what is one's own and stands in no conversation. */
export class KeptReads {
  constructor(
    private readonly handle: Handle,
    private readonly parser: RowParser,
  ) {}

  /** One's own projects, the newest change first. */
  async projects(): Promise<Project[]> {
    const rows = await this.handle.run((idb) => idb.getAll('projects'));
    return newestFirst(this.parser.all('projects', Project, rows));
  }

  /** What Agent Jay remembers, the newest first. */
  async memories(): Promise<Memory[]> {
    const rows = await this.handle.run((idb) => idb.getAll('memories'));
    return newestFirst(this.parser.all('memories', Memory, rows));
  }
}

const newestFirst = <R extends { updatedAt: string }>(rows: R[]): R[] =>
  rows.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
