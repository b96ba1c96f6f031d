import { ChevronRight, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Project } from '../../protocol/project.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { projectLine } from './project-line.ts';
import { ProjectSheet } from './project-sheet.tsx';

/** All of one's projects, in the settings. */
export function ProjectsSection() {
  const { db } = useChatClient();
  const projects = useLiveQuery(() => db.kept.projects(), ['projects'], []) ?? [];
  const [open, setOpen] = useState<Project | 'new' | null>(null);
  return (
    <Section title={en.project.mine}>
      <p className="mb-3 text-sm text-soft">{en.project.lead}</p>
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-2">
        {projects.map((project) => (
          <li key={project.id}>
            <button
              type="button"
              onClick={() => setOpen(project)}
              className="flex min-h-14 w-full items-center gap-3 rounded-2xl border border-line bg-surface px-4 py-2 text-start hover:border-indigo"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{project.title}</span>
                <span className="block truncate text-sm text-soft">{projectLine(project)}</span>
              </span>
              <ChevronRight className="h-5 w-5 flex-none text-faint rtl:-scale-x-100" aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      <Button className="mt-3" onClick={() => setOpen('new')}>
        <Plus className="h-4 w-4" /> {en.project.new}
      </Button>
      {open !== null && <ProjectSheet project={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </Section>
  );
}
