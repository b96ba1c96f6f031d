import type { Job } from './log.ts';

/**
 * Takes from the front of the queue what may share one statement: jobs of one kind, in order. A batch of sends ends
 * before an id that it already has (the second is judged once the first has committed) and before a reply to a
 * message that is in it.
 */
export function takeBatch(queue: Job[], atMost: number): Job[] {
  const kind = queue[0]?.kind;
  if (kind === 'change' || queue[0]?.alone) return queue.splice(0, 1);
  const ids = new Set<string>();
  let size = 0;
  for (const job of queue) {
    if (size >= atMost || job.kind !== kind || job.alone) break;
    if (job.kind === 'send') {
      if (ids.has(job.row.id) || (job.row.parentId !== null && ids.has(job.row.parentId))) break;
      ids.add(job.row.id);
    }
    size += 1;
  }
  return queue.splice(0, size);
}
