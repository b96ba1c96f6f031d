import { type FormEvent, useId, useState } from 'react';
import { newProjectId, type ProjectId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Project } from '../../protocol/project.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { TextArea } from '../ui/text-area.tsx';

/** Writes a project down or changes it; works without a network like everything one writes. */
export function ProjectSheet({
  project,
  onClose,
  onCreated,
}: {
  /** Null for a new one. */
  project: Project | null;
  onClose(): void;
  onCreated?(id: ProjectId): void;
}) {
  const { outbox } = useChatClient();
  const [problem, setProblem] = useState<string | null>(null);
  const stages = useId();

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const written = (name: string) => String(form.get(name) ?? '').trim() || null;
    const title = written('title');
    if (!title) return setProblem(en.project.needsTitle);
    const details = {
      field: written('field'),
      stage: written('stage'),
      deadline: written('deadline'),
      supervisor: written('supervisor'),
      notes: written('notes'),
    };
    try {
      if (project) await outbox.enqueue('project.update', { projectId: project.id, title, ...details });
      else {
        const id = newProjectId();
        await outbox.enqueue('project.create', { id, title, ...details });
        onCreated?.(id);
      }
      onClose();
    } catch {
      setProblem(en.project.notStored);
    }
  }

  async function remove() {
    if (!project || !window.confirm(en.project.confirmDelete)) return;
    await outbox.enqueue('project.delete', { projectId: project.id });
    onClose();
  }

  const line = { maxLength: limits.projectLineLength };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={project ? en.project.edit : en.project.new}
      closeLabel={en.close}
    >
      <form onSubmit={(event) => void save(event)} className="grid gap-3">
        <Field
          label={en.project.title}
          name="title"
          defaultValue={project?.title}
          maxLength={limits.titleLength}
          error={problem}
        />
        <Field label={en.project.field} name="field" defaultValue={project?.field ?? ''} {...line} />
        <Field
          label={en.project.stage}
          name="stage"
          list={stages}
          defaultValue={project?.stage ?? ''}
          {...line}
        />
        <datalist id={stages}>
          {en.project.stages.map((stage) => (
            <option key={stage} value={stage} />
          ))}
        </datalist>
        <Field
          label={en.project.deadline}
          name="deadline"
          type="date"
          defaultValue={project?.deadline ?? ''}
        />
        <Field
          label={en.project.supervisor}
          name="supervisor"
          defaultValue={project?.supervisor ?? ''}
          {...line}
        />
        <TextArea
          label={en.project.notes}
          name="notes"
          defaultValue={project?.notes ?? ''}
          maxLength={limits.projectNotesLength}
        />
        <p className="text-xs text-faint">{en.project.notesAreYours}</p>
        <div className="flex flex-wrap justify-between gap-2">
          <Button type="submit" look="primary">
            {en.save}
          </Button>
          {project && (
            <Button look="danger" onClick={() => void remove()}>
              {en.project.delete}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
