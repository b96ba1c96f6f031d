import type { Me, Settings } from '../../protocol/shapes.ts';
import { en } from '../messages/en.ts';
import { Section } from '../ui/section.tsx';

const kinds = ['showTyping', 'showReading', 'showPresence'] as const satisfies (keyof Settings['privacy'])[];

/** What others may see of oneself; kept by the server, not by good will. */
export function PrivacySection({
  me,
  onChange,
}: {
  me: Me;
  /** Told the one that is changed: another device may have changed the rest. */
  onChange(privacy: Partial<Settings['privacy']>): void;
}) {
  const { privacy } = me.settings;
  return (
    <Section title={en.settings.privacy}>
      {kinds.map((what) => (
        <label key={what} className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            className="h-5 w-5 accent-indigo"
            checked={privacy[what]}
            onChange={(event) => onChange({ [what]: event.target.checked })}
          />
          {en.settings[what]}
        </label>
      ))}
    </Section>
  );
}
