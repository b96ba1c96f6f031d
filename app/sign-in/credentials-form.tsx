import { type FormEvent, useState } from 'react';
import { limits } from '../../protocol/limits.ts';
import { en } from '../messages/en.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { useBusy } from '../ui/use-busy.ts';
import { useHydrated } from '../ui/use-hydrated.ts';
import { signIn, signUp } from './auth-calls.ts';

/** E-mail and password, for those who come back and those who are new. */
export function CredentialsForm({
  mode: first,
  fixedMode = false,
  onDone,
}: {
  mode: 'in' | 'up';
  fixedMode?: boolean;
  onDone(): void;
}) {
  const [mode, setMode] = useState(first);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, run] = useBusy();
  const isHydrated = useHydrated();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    void run(() => send(data));
  }

  async function send(data: FormData) {
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const email = text('email');
    // A password keeps its blanks.
    const password = String(data.get('password') ?? '');
    const found = mode === 'in' ? await signIn(email, password) : await signUp(text('name'), email, password);
    setProblem(found);
    if (found === null) onDone();
  }

  return (
    <form onSubmit={submit} className="grid gap-3">
      {mode === 'up' && (
        <Field
          label={en.signIn.name}
          name="name"
          autoComplete="name"
          required
          maxLength={limits.nameLength}
        />
      )}
      <Field label={en.signIn.email} name="email" type="email" autoComplete="email" required />
      <Field
        label={en.signIn.password}
        name="password"
        type="password"
        autoComplete={mode === 'in' ? 'current-password' : 'new-password'}
        required
        minLength={8}
        placeholder={mode === 'up' ? en.signIn.passwordHint : undefined}
      />
      {problem && (
        <p role="alert" className="text-sm text-danger">
          {problem}
        </p>
      )}
      <Button look="primary" type="submit" disabled={isBusy || !isHydrated}>
        {mode === 'in' ? en.landing.signIn : en.landing.signUp}
      </Button>
      {!fixedMode && (
        <button
          type="button"
          className="min-h-11 text-sm text-indigo-text underline disabled:opacity-50"
          disabled={!isHydrated}
          onClick={() => {
            setMode(mode === 'in' ? 'up' : 'in');
            setProblem(null);
          }}
        >
          {mode === 'in' ? en.signIn.noAccount : en.signIn.haveAccount}
        </button>
      )}
    </form>
  );
}
