import { useEffect, useState } from 'react';
import { ProjectId } from '../../protocol/ids.ts';
import { Project } from '../../protocol/project.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { projectLine } from './project-line.ts';
import { ProjectSheet } from './project-sheet.tsx';

const NONE = '';
const NEW = 'new';

/** Which project a conversation is about; one's own can be chosen and changed, somebody else's is shown. */
export function SessionProject({ session }: { session: StoredSession }) {
  const { db, outbox } = useChatClient();
  const projects = useLiveQuery(() => db.kept.projects(), ['projects'], []);
  const [sheet, setSheet] = useState<'edit' | 'new' | null>(null);
  const own = projects?.find((project) => project.id === session.projectId) ?? null;
  const theirs = useProjectOfAnother(projects && !own ? session.projectId : null);
  const shown = own ?? theirs;
  const isShared = session.members.filter((member) => member.role !== 'agent').length > 1;

  const link = (projectId: ProjectId | null) =>
    void outbox.enqueue('session.update', { sessionId: session.id, projectId });

  function choose(value: string) {
    if (value === NEW) setSheet('new');
    else link(ProjectId.safeParse(value).data ?? null);
  }

  return (
    <Section title={en.project.project} isNarrow>
      <div className="grid gap-2">
        <Select
          label={en.project.about}
          value={session.projectId ?? NONE}
          onChange={(event) => choose(event.target.value)}
          options={[
            [NONE, en.project.none],
            ...(projects ?? []).map(({ id, title }) => [id, title] as const),
            ...(session.projectId && !own
              ? [[session.projectId, theirs?.title ?? en.project.another] as const]
              : []),
            [NEW, en.project.newChoice],
          ]}
        />
        {shown && <p className="text-sm text-soft">{projectLine(shown)}</p>}
        {shown?.supervisor && (
          <p className="text-sm text-soft">{en.project.supervisedBy(shown.supervisor)}</p>
        )}
        {own && <Button onClick={() => setSheet('edit')}>{en.project.edit}</Button>}
        {own && isShared && <p className="text-xs text-faint">{en.project.shared}</p>}
      </div>
      {sheet && (
        <ProjectSheet
          project={sheet === 'edit' ? own : null}
          onClose={() => setSheet(null)}
          onCreated={(id) => link(id)}
        />
      )}
    </Section>
  );
}

/** What another member linked; asked for, since only its owner's devices hold it. */
function useProjectOfAnother(id: ProjectId | null): Project | null {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  const [project, setProject] = useState<Project | null>(null);
  useEffect(() => {
    setProject(null);
    if (!id || !isLive) return;
    // Where its owner has left, or took it away, that it is linked is all there is to show.
    return askUntilAnswered(
      async () => Project.parse(await client.trpc.project.get.query({ projectId: id })),
      setProject,
    );
  }, [client, id, isLive]);
  return project;
}
