import { ChatError } from '../../protocol/errors.ts';
import type { ProjectId, UserId } from '../../protocol/ids.ts';
import { Project } from '../../protocol/project.ts';
import type { Prisma } from '../store/prisma-types.ts';
import type { Account } from './account.ts';
import type { Reader } from './deps.ts';

export type ProjectRow = Prisma.ProjectGetPayload<object>;

export const noSuchProject = () =>
  new ChatError('NOT_FOUND', 'There is no such project, or you cannot see it.');

export function toProject(row: ProjectRow): Project {
  return Project.parse({
    id: row.id,
    ownerId: row.ownerId,
    title: row.title,
    field: row.field,
    stage: row.stage,
    deadline: row.deadline?.toISOString().slice(0, 10) ?? null,
    supervisor: row.supervisor,
    notes: row.notes,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
}

const present = (userId: string) => ({ userId, leftPos: null });

/** One's own, the newest change first. */
export async function listProjects(reader: Reader, userId: UserId): Promise<Project[]> {
  const rows = await reader.project.findMany({
    where: { ownerId: userId, deletedAt: null },
    orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map(toProject);
}

/** A project of one's own whole; one that a conversation with its owner is linked to without its notes. */
export async function getProject(reader: Reader, account: Account, projectId: ProjectId): Promise<Project> {
  const project = await findProject(reader, account, projectId);
  if (!project) throw noSuchProject();
  return project;
}

/** As `getProject`; null when there is none that the account may see. */
export async function findProject(
  reader: Reader,
  { userId }: Account,
  projectId: ProjectId,
): Promise<Project | null> {
  const row = await reader.project.findFirst({ where: { id: projectId, deletedAt: null } });
  if (!row) return null;
  if (row.ownerId === userId) return toProject(row);
  const shared = await reader.chatMember.findFirst({
    where: { userId, leftPos: null, session: { projectId, members: { some: present(row.ownerId) } } },
    select: { sessionId: true },
  });
  return shared && { ...toProject(row), notes: null };
}

/** One's own project, to change it or to link it. */
export async function requireOwnProject(
  reader: Reader,
  userId: UserId,
  projectId: ProjectId,
): Promise<ProjectRow> {
  const row = await reader.project.findFirst({ where: { id: projectId, ownerId: userId, deletedAt: null } });
  if (!row) throw new ChatError('NOT_FOUND', 'There is no such project among yours.');
  return row;
}
