import { newMemoryId, newProjectId } from '../../protocol/ids.ts';
import { type Done, type Draw, enqueue, type Hands, text } from './hands.ts';

/** What people keep for themselves alone: projects, and what Agent Jay is to remember. */
export const keptOperations: Draw[] = [
  [0.6, 'project.create', createProject],
  [0.9, 'project.update', changeProject],
  [0.2, 'project.delete', deleteProject],
  [0.6, 'memory.add', addMemory],
  [0.9, 'memory.update', changeMemory],
  [0.2, 'memory.delete', deleteMemory],
];

async function createProject(hands: Hands): Promise<Done> {
  const [id, title] = [newProjectId(), text(hands, 'project')];
  return enqueue(hands, 'project.create', { id, title }, id, title);
}

async function changeProject(hands: Hands): Promise<Done | null> {
  const project = oneOf(hands, await hands.client.db.kept.projects());
  const title = text(hands, 'better project');
  return project && enqueue(hands, 'project.update', { projectId: project.id, title }, project.id, title);
}

async function deleteProject(hands: Hands): Promise<Done | null> {
  const project = oneOf(hands, await hands.client.db.kept.projects());
  return project && enqueue(hands, 'project.delete', { projectId: project.id }, project.id, null);
}

async function addMemory(hands: Hands): Promise<Done> {
  const [id, content] = [newMemoryId(), text(hands, 'memory')];
  return enqueue(hands, 'memory.add', { id, content }, id, content);
}

async function changeMemory(hands: Hands): Promise<Done | null> {
  const memory = oneOf(hands, await hands.client.db.kept.memories());
  const content = text(hands, 'better memory');
  return memory && enqueue(hands, 'memory.update', { memoryId: memory.id, content }, memory.id, content);
}

async function deleteMemory(hands: Hands): Promise<Done | null> {
  const memory = oneOf(hands, await hands.client.db.kept.memories());
  return memory && enqueue(hands, 'memory.delete', { memoryId: memory.id }, memory.id, null);
}

/** By id, for their order on the screen follows the clock. */
function oneOf<T extends { id: string }>({ random }: Hands, rows: readonly T[]): T | null {
  const [first, ...rest] = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  return first ? random.pick([first, ...rest]) : null;
}
