import type { StateEvent } from '../../protocol/events.ts';
import type { MemoryId, ProjectId } from '../../protocol/ids.ts';
import { Memory } from '../../protocol/memory.ts';
import { Project } from '../../protocol/project.ts';
import type { Topic } from './changes.ts';
import type { KeptStore } from './kept-effects.ts';
import type { RowParser } from './row-parser.ts';
import { fieldsOf, OutboxEntry } from './rows.ts';
import type { WriteTransaction } from './schema.ts';

/** One's own projects and memories within one transaction. */
export class KeptRows implements KeptStore {
  constructor(
    private readonly tx: WriteTransaction,
    private readonly touched: Set<Topic>,
    private readonly parser: RowParser,
  ) {}

  async project(id: ProjectId): Promise<Project | null> {
    return this.parser.one('projects', Project, await this.tx.objectStore('projects').get(id));
  }

  async putProject(id: ProjectId, project: Project | null): Promise<void> {
    if (project) await this.tx.objectStore('projects').put(project);
    else await this.tx.objectStore('projects').delete(id);
    this.touched.add('projects');
  }

  async memory(id: MemoryId): Promise<Memory | null> {
    return this.parser.one('memories', Memory, await this.tx.objectStore('memories').get(id));
  }

  async putMemory(id: MemoryId, memory: Memory | null): Promise<void> {
    if (memory) await this.tx.objectStore('memories').put(memory);
    else await this.tx.objectStore('memories').delete(id);
    this.touched.add('memories');
  }

  event(event: Extract<StateEvent, { type: 'project' | 'memory' }>): Promise<void> {
    if (event.type === 'project') return this.putProject(event.projectId, event.project);
    return this.putMemory(event.memoryId, event.memory);
  }

  /** Replaces all by what the server has; what was made here and still waits stays. */
  async replace({ projects, memories }: Replacement): Promise<void> {
    const waiting = await this.#madeHere();
    if (projects) {
      await this.#clear('projects', waiting);
      for (const project of projects) await this.putProject(project.id, project);
      this.touched.add('projects');
    }
    if (memories) {
      await this.#clear('memories', waiting);
      for (const memory of memories) await this.putMemory(memory.id, memory);
      this.touched.add('memories');
    }
  }

  async #clear(store: 'projects' | 'memories', except: ReadonlySet<unknown>): Promise<void> {
    for (const key of await this.tx.objectStore(store).getAllKeys())
      if (!except.has(key)) await this.tx.objectStore(store).delete(key);
  }

  async #madeHere(): Promise<Set<unknown>> {
    const entries = this.parser.all('outbox', OutboxEntry, await this.tx.objectStore('outbox').getAll());
    const makers = entries.filter(
      ({ op, state }) => state === 'queued' && (op === 'project.create' || op === 'memory.add'),
    );
    return new Set(makers.map(({ input }) => fieldsOf(input).id));
  }
}

export interface Replacement {
  projects?: readonly Project[];
  memories?: readonly Memory[];
}
