import { z } from 'zod';
import { en } from '../messages/en.ts';
import { forgetConversation } from '../shell/last-conversation.ts';
import { patientFetch } from '../trpc/patient-fetch.ts';
import { forgetLastAccount } from './last-account.ts';
import { hasLeft } from './leaving.ts';

/** Null when it went well; otherwise a sentence for the person. */
export type AuthProblem = string | null;

const Refusal = z.object({ message: z.string().min(1) });

/**
 * What the server says of a sign-in and of a sign-out. Nothing else counts as either: a captive portal's 200 page must
 * not pass for a sign-out that the server never heard of (invariant 26).
 */
const Done = z.union([
  z.object({ user: z.object({ id: z.string() }) }),
  z.object({ success: z.literal(true) }),
]);

const Current = z.object({ user: z.object({ email: z.string(), isAnonymous: z.boolean().nullish() }) });
type CurrentUser = z.infer<typeof Current>['user'];

const patient = patientFetch((input, init) => fetch(input, init));

/** What came of it; `unanswered` also where somebody else answered in the server's place. */
type Outcome = 'done' | 'unanswered' | { refusal: string };

async function call(path: string, body: object, patientlyFetch = patient): Promise<Outcome> {
  try {
    const response = await patientlyFetch(`/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (response.ok && Done.safeParse(answer).success) return 'done';
    const refusal = Refusal.safeParse(answer);
    return refusal.success ? { refusal: refusal.data.message } : 'unanswered';
  } catch {
    return 'unanswered';
  }
}

/** Who is signed in here, as the server knows it; null for nobody, undefined where it does not say. */
async function currentUser(): Promise<CurrentUser | null | undefined> {
  try {
    const answer: unknown = await (await patient('/api/auth/get-session')).json();
    return answer === null ? null : Current.parse(answer).user;
  } catch {
    return undefined;
  }
}

function entered(outcome: Outcome): AuthProblem {
  if (outcome !== 'done') return outcome === 'unanswered' ? en.signIn.failed : outcome.refusal;
  // Whoever was here last is not who opens the conversations next.
  forgetLastAccount();
  forgetConversation();
  hasLeft();
  return null;
}

/** Refused to whoever is in already: by an earlier try, of which only the answer got lost. */
export async function signInAsGuest(): Promise<AuthProblem> {
  const outcome = await call('/sign-in/anonymous', {});
  const isIn = typeof outcome === 'object' && (await currentUser())?.isAnonymous === true;
  return entered(isIn ? 'done' : outcome);
}

export async function signIn(email: string, password: string): Promise<AuthProblem> {
  return entered(await call('/sign-in/email', { email, password }));
}

/** For a guest this keeps the account and everything in it. */
export async function signUp(name: string, email: string, password: string): Promise<AuthProblem> {
  const outcome = await call('/sign-up/email', { name, email, password });
  if (typeof outcome !== 'object') return entered(outcome);
  // The address may be taken by an earlier try, of which only the answer got lost.
  const user = await currentUser();
  if (user?.email.toLowerCase() === email.toLowerCase()) return entered('done');
  const isIn = user === null && (await call('/sign-in/email', { email, password })) === 'done';
  return entered(isIn ? 'done' : outcome);
}

/** Whoever leaves is not kept waiting: the server is told again later (leave-when-online.ts). */
const SIGN_OUT_PATIENCE_MS = 6_000;

export async function signOut(): Promise<AuthProblem> {
  const impatient = patientFetch((input, init) => fetch(input, init), SIGN_OUT_PATIENCE_MS);
  if ((await call('/sign-out', {}, impatient)) !== 'done') return en.signIn.failed;
  hasLeft();
  return null;
}
