import { ChatError } from '../../protocol/errors.ts';
import type { MutationId, ProjectId, SessionId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { ProjectChanges } from '../../protocol/project.ts';
import type { Change } from '../log/change.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { idReused, once } from './once.ts';
import { requireOwnProject, toProject } from './read-projects.ts';

type Details = Omit<ProjectChanges, 'title'>;

/** What is kept of such a write for ever is its id, never its words (`AppliedMutation` outlives a deletion). */
export interface ChangedProject {
  projectId: ProjectId;
  duplicate: boolean;
}

/** Idempotent by the client's id: it names the write as well as the project. */
export function createProject(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'project.create'>,
): Promise<ChangedProject> {
  const { userId } = account;
  const { id, title, ...details } = input;
  const write = { ...input, mutationId: id as string as MutationId }; // both are UUIDv7
  return once(deps.log, account, 'project.create', write, async (change) => {
    const { tx } = change;
    if (await tx.project.findUnique({ where: { id } })) throw idReused();
    const count = await tx.project.count({ where: { ownerId: userId, deletedAt: null } });
    if (count >= limits.projectsPerPerson) {
      throw new ChatError(
        'CONFLICT',
        `You have ${count} projects, which is as many as can be kept. Delete one first.`,
      );
    }
    const moment = { createdAt: change.now, updatedAt: change.now };
    await tx.project.create({ data: { id, ownerId: userId, title, ...columns(details), ...moment } });
    await tell(change, userId, id);
    return { projectId: id };
  });
}

/** Its owner changes what is noted; what is left out stays. */
export function updateProject(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'project.update'>,
): Promise<ChangedProject> {
  const { projectId, mutationId: _mutationId, title, ...details } = input;
  return once(deps.log, account, 'project.update', input, async (change) => {
    await requireOwnProject(change.tx, account.userId, projectId);
    await change.tx.project.update({
      where: { id: projectId },
      data: {
        ...columns(details),
        ...(title === undefined ? {} : { title }),
        updatedAt: change.now,
      },
    });
    await tell(change, account.userId, projectId);
    return { projectId };
  });
}

/** Takes it away, and off every conversation that it is linked to. */
export function deleteProject(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'project.delete'>,
): Promise<ChangedProject> {
  const { projectId } = input;
  const { userId } = account;
  return once(deps.log, account, 'project.delete', input, async (change) => {
    const { tx } = change;
    await requireOwnProject(tx, userId, projectId);
    await unlinkProject(change, projectId);
    const nothing = { title: '', field: null, stage: null, deadline: null, supervisor: null, notes: null };
    const statePos = change.stamp({ userId }, { type: 'project', projectId, project: null });
    await tx.project.update({
      where: { id: projectId },
      data: { ...nothing, statePos, deletedAt: change.now, updatedAt: change.now },
    });
    return { projectId };
  });
}

/** Takes a project off every conversation that it is linked to, and tells them. */
export async function unlinkProject(change: Change, projectId: ProjectId): Promise<void> {
  const { tx } = change;
  for (const { id } of await tx.chatSession.findMany({ where: { projectId }, select: { id: true } })) {
    const sessionId = id as SessionId; // written through its schema
    await tx.chatSession.update({ where: { id }, data: { projectId: null } });
    await change.append(sessionId, {
      type: 'session.updated',
      changes: { projectId: null },
      at: change.at,
    });
  }
}

async function tell(change: Change, userId: UserId, projectId: ProjectId): Promise<void> {
  const row = await change.tx.project.findUniqueOrThrow({ where: { id: projectId } });
  const statePos = change.stamp({ userId }, { type: 'project', projectId, project: toProject(row) });
  await change.tx.project.update({ where: { id: projectId }, data: { statePos, updatedAt: row.updatedAt } });
}

/** Only what was named. */
function columns({ deadline, ...words }: Details) {
  const named = Object.entries(words).filter(([, value]) => value !== undefined);
  return {
    // The keys of what went in, without those that hold nothing.
    ...(Object.fromEntries(named) as { [K in keyof typeof words]?: Exclude<(typeof words)[K], undefined> }),
    ...(deadline === undefined ? {} : { deadline: deadline === null ? null : new Date(deadline) }),
  };
}
