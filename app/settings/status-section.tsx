import { type FormEvent, useEffect, useState } from 'react';
import { limits } from '../../protocol/limits.ts';
import type { Me, Settings } from '../../protocol/shapes.ts';
import { en } from '../messages/en.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { toast } from '../ui/toast.ts';
import { Choice } from './choice.tsx';

const words = en.settings.status;

/** How others see whether one is here: as it is, or as busy, and a few words of one's own with it. */
export function StatusSection({
  me,
  onChange,
}: {
  me: Me;
  onChange(change: Partial<Pick<Settings, 'busy' | 'activity'>>): void;
}) {
  const { busy, activity, privacy } = me.settings;

  const [text, setText] = useState(activity);
  // Changed on another device.
  useEffect(() => setText(activity), [activity]);

  function say(event: FormEvent) {
    event.preventDefault();
    onChange({ activity: text.trim() });
    toast.success(en.settings.saved);
  }

  return (
    <Section title={words.title}>
      <Choice
        label={words.title}
        options={words.kinds}
        value={busy ? 'busy' : 'here'}
        onChange={(kind) => onChange({ busy: kind === 'busy' })}
      />
      <p className="mt-2 text-sm text-soft">
        {privacy.showPresence ? (busy ? words.busy : words.here) : words.hidden}
      </p>
      <form onSubmit={say} className="mt-4 grid gap-3">
        <Field
          label={words.activity}
          name="activity"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={words.example}
          maxLength={limits.activityLength}
          autoComplete="off"
        />
        <Button type="submit" className="justify-self-start">
          {words.show}
        </Button>
      </form>
    </Section>
  );
}
