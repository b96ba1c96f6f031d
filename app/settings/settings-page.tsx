import { Link, useNavigate } from '@remix-run/react';
import { type FormEvent, useEffect, useState } from 'react';
import { limits } from '../../protocol/limits.ts';
import type { NewPicture } from '../../protocol/picture.ts';
import type { Input } from '../../protocol/procedures.ts';
import { Me } from '../../protocol/shapes.ts';
import { useModelLabel } from '../conversation/use-model-label.ts';
import { MemorySection } from '../memory/memory-section.tsx';
import { en } from '../messages/en.ts';
import { PicturePicker } from '../people/picture-picker.tsx';
import { ProjectsSection } from '../project/projects-section.tsx';
import { CredentialsForm } from '../sign-in/credentials-form.tsx';
import { useChatClient, useStore } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { toast } from '../ui/toast.ts';
import { BlockedSection } from './blocked-section.tsx';
import { Choice } from './choice.tsx';
import { DataSection } from './data-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { InstallSection } from './install-section.tsx';
import { leaveDevice } from './leave-device.ts';
import { PrivacySection } from './privacy-section.tsx';
import { StatusSection } from './status-section.tsx';
import { StorageSection } from './storage-section.tsx';
import { chooseTheme, readTheme, type Theme } from './theme.ts';
import { UsageSection } from './usage-section.tsx';

export function SettingsPage() {
  const client = useChatClient();
  const me = useStore(client.me);
  const navigate = useNavigate();
  const modelLabel = useModelLabel();
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => setTheme(readTheme()), []);

  async function change(settings: Input<'me.update'>['settings']) {
    await client.outbox.enqueue('me.update', { settings });
  }

  async function show(picture: NewPicture | null) {
    await client.outbox.enqueue('me.update', { picture });
  }

  async function rename(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (!name) return;
    await client.outbox.enqueue('me.update', { name });
    toast.success(en.settings.saved);
  }

  async function upgraded() {
    await client.db.saveMe(Me.parse(await client.trpc.me.get.query()));
    toast.success(en.settings.saved);
  }

  return (
    <Page title={en.settings.title} backLabel={en.back} onBack={() => navigate('/chat')}>
      <Section title={en.settings.profile}>
        <PicturePicker
          label={en.picture.mine}
          name={me.name}
          colourKey={me.id}
          picture={me.picture}
          onChange={show}
        />
        <form onSubmit={(event) => void rename(event)} className="mt-4 grid gap-3" key={me.name}>
          <Field
            label={en.settings.name}
            name="name"
            defaultValue={me.name}
            maxLength={limits.nameLength}
            autoComplete="name"
          />
          {me.email && <p className="text-sm text-soft">{me.email}</p>}
          <Button type="submit" className="justify-self-start">
            {en.save}
          </Button>
        </form>
        {me.isGuest && (
          <div className="mt-4 grid gap-3 rounded-2xl border border-line bg-surface p-4">
            <p className="text-sm">{en.settings.guest}</p>
            <CredentialsForm mode="up" fixedMode onDone={() => void upgraded()} />
          </div>
        )}
      </Section>

      <StatusSection me={me} onChange={(status) => void change(status)} />

      <Section title={en.settings.look}>
        <Choice
          label={en.settings.look}
          options={en.settings.theme}
          value={theme}
          onChange={(next) => {
            chooseTheme(next);
            setTheme(next);
          }}
        />
      </Section>

      <Section title={en.settings.answers}>
        <div className="grid gap-4">
          <Choice
            label={en.settings.tone}
            showsLabel
            options={en.settings.tones}
            value={me.settings.tone}
            onChange={(tone) => void change({ tone })}
          />
          <Choice
            label={en.settings.length}
            showsLabel
            options={en.settings.lengths}
            value={me.settings.length}
            onChange={(length) => void change({ length })}
          />
          <Select
            label={en.settings.language}
            value={me.settings.language}
            onChange={(event) => void change({ language: event.target.value })}
            options={languages(me.settings.language)}
          />
          {modelLabel?.startsWith('Built-in') && (
            <p className="-mt-2 text-sm text-faint">{en.settings.languageNote}</p>
          )}
        </div>
      </Section>

      <MemorySection isOn={me.settings.memory} onSwitch={(memory) => void change({ memory })} />
      <ProjectsSection />

      <PrivacySection me={me} onChange={(privacy) => void change({ privacy })} />
      <BlockedSection me={me} />
      <DevicesSection />
      <UsageSection />

      <InstallSection />
      <StorageSection />
      <DataSection />
      {me.role === 'admin' && (
        <Section title={en.reports.title}>
          <Link
            to="/chat/reports"
            className="inline-grid min-h-11 items-center font-medium text-indigo-text underline"
          >
            {en.reports.open}
          </Link>
        </Section>
      )}

      <Button look="danger" className="mt-10" onClick={() => void leaveDevice(client)}>
        {en.settings.signOut}
      </Button>
    </Page>
  );
}

/** Those that we name, and whatever else was set by another client. */
function languages(chosen: string): [string, string][] {
  const named = Object.entries(en.settings.languages);
  return named.some(([tag]) => tag === chosen) ? named : [...named, [chosen, chosen]];
}
