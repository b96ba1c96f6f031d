import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { newMemoryId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Memory } from '../../protocol/memory.ts';
import { shortWhen } from '../inbox/when.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';

/** "What Agent Jay remembers": each thing can be seen, put right, forgotten; more can be added; all can be switched off. */
export function MemorySection({ isOn, onSwitch }: { isOn: boolean; onSwitch(isOn: boolean): void }) {
  const { db, outbox } = useChatClient();
  const memories = useLiveQuery(() => db.kept.memories(), ['memories'], []);

  async function add(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const content = String(new FormData(form).get('memory') ?? '').trim();
    if (!content) return;
    await outbox.enqueue('memory.add', { id: newMemoryId(), content });
    form.reset();
  }

  function forgetAll() {
    if (!window.confirm(en.memory.confirmAll)) return;
    for (const { id } of memories ?? []) void outbox.enqueue('memory.delete', { memoryId: id });
  }

  return (
    <Section title={en.memory.title}>
      <p className="mb-2 text-sm text-soft">{en.memory.lead}</p>
      <label className="flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          className="h-5 w-5 accent-indigo"
          checked={isOn}
          onChange={(event) => onSwitch(event.target.checked)}
        />
        {en.memory.on}
      </label>
      {memories?.length === 0 && <p className="my-2 text-sm text-faint">{en.memory.empty}</p>}
      <ul className="my-2 grid gap-2">
        {memories?.map((memory) => (
          <MemoryRow key={memory.id} memory={memory} />
        ))}
      </ul>
      <form onSubmit={(event) => void add(event)} className="mt-3 flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <Field
            label={en.memory.add}
            name="memory"
            placeholder={en.memory.example}
            maxLength={limits.memoryLength}
          />
        </div>
        <Button type="submit">{en.memory.addButton}</Button>
      </form>
      {memories && memories.length > 1 && (
        <Button look="danger" className="mt-3" onClick={forgetAll}>
          {en.memory.forgetAll}
        </Button>
      )}
    </Section>
  );
}

function MemoryRow({ memory }: { memory: Memory }) {
  const { outbox } = useChatClient();
  const [isEditing, setIsEditing] = useState(false);

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const content = String(new FormData(event.currentTarget).get('memory') ?? '').trim();
    if (content && content !== memory.content)
      await outbox.enqueue('memory.update', { memoryId: memory.id, content });
    setIsEditing(false);
  }

  if (isEditing) {
    return (
      <li className="rounded-2xl border border-indigo bg-surface p-3">
        <form onSubmit={(event) => void save(event)} className="grid gap-2">
          <Field
            label={en.memory.edit}
            name="memory"
            defaultValue={memory.content}
            maxLength={limits.memoryLength}
            // The person asked for this field with the button that it takes the place of.
            autoFocus
          />
          <div className="flex gap-2">
            <Button type="submit" look="primary">
              {en.save}
            </Button>
            <Button onClick={() => setIsEditing(false)}>{en.cancel}</Button>
          </div>
        </form>
      </li>
    );
  }
  return (
    <li className="flex items-center gap-1 rounded-2xl border border-line bg-surface py-1 ps-4 pe-1">
      <span className="min-w-0 flex-1 py-1" dir="auto">
        <span className="block break-words">{memory.content}</span>
        <span className="block text-xs text-faint">
          {en.memory.origin[memory.origin]} · {shortWhen(memory.updatedAt)}
        </span>
      </span>
      <IconButton label={en.memory.edit} onClick={() => setIsEditing(true)}>
        <Pencil />
      </IconButton>
      <IconButton
        label={en.memory.forget}
        onClick={() => void outbox.enqueue('memory.delete', { memoryId: memory.id })}
      >
        <Trash2 />
      </IconButton>
    </li>
  );
}
