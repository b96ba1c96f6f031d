import type { MemoryId, ProjectId, UserId } from '../../protocol/ids.ts';
import type { Memory } from '../../protocol/memory.ts';
import { inputs } from '../../protocol/procedures.ts';
import type { Project } from '../../protocol/project.ts';

/** One's own projects and memories, as an effect sees them. */
export interface KeptStore {
  project(id: ProjectId): Promise<Project | null>;
  putProject(id: ProjectId, project: Project | null): Promise<void>;
  memory(id: MemoryId): Promise<Memory | null>;
  putMemory(id: MemoryId, memory: Memory | null): Promise<void>;
}

type KeptOp = Extract<keyof typeof inputs, `project.${'create' | 'update' | 'delete'}` | `memory.${string}`>;

/** Shows what a queued change to a project or a memory will do. */
export async function applyKept(
  store: KeptStore,
  me: UserId,
  op: KeptOp,
  input: unknown,
  at: string,
): Promise<void> {
  switch (op) {
    case 'project.create': {
      const { id, title, ...details } = inputs[op].parse(input);
      const nothing = { field: null, stage: null, deadline: null, supervisor: null, notes: null };
      const project = { id, ownerId: me, title, ...nothing, createdAt: at, updatedAt: at };
      return store.putProject(id, { ...project, ...named(details) });
    }
    case 'project.update': {
      const { projectId, mutationId: _mutationId, ...changes } = inputs[op].parse(input);
      const project = await store.project(projectId);
      if (project) await store.putProject(projectId, { ...project, ...named(changes), updatedAt: at });
      return;
    }
    case 'project.delete':
      return store.putProject(inputs[op].parse(input).projectId, null);
    case 'memory.add': {
      const { id, kind, content } = inputs[op].parse(input);
      const source = { origin: 'written', sourceMessageId: null, sourceSessionId: null } as const;
      return store.putMemory(id, { id, kind, content, ...source, createdAt: at, updatedAt: at });
    }
    case 'memory.update': {
      const { memoryId, content, kind } = inputs[op].parse(input);
      const memory = await store.memory(memoryId);
      const source = { origin: 'written', sourceMessageId: null, sourceSessionId: null } as const;
      if (memory)
        await store.putMemory(memoryId, {
          ...memory,
          kind: kind ?? memory.kind,
          content,
          ...source,
          updatedAt: at,
        });
      return;
    }
    case 'memory.delete':
      return store.putMemory(inputs[op].parse(input).memoryId, null);
  }
}

/** What is left out stays. */
function named<T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // The keys of what went in, without those that hold nothing.
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
