import { z } from 'zod';
import { Memory } from '../../protocol/memory.ts';
import { Project } from '../../protocol/project.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { Trpc } from '../trpc/client.ts';

/** After a refused change to a project or a memory: all of them as the server has them. */
export async function restoreKept(db: LocalDb, trpc: Trpc, op: string): Promise<void> {
  if (op.startsWith('project.'))
    await db.replaceKept({ projects: z.array(Project).parse(await trpc.project.list.query()) });
  else await db.replaceKept({ memories: z.array(Memory).parse(await trpc.memory.list.query()) });
}
