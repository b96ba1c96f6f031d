import { z } from 'zod';
import { en } from '../messages/en.ts';
import { forgetConversation } from '../shell/last-conversation.ts';
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

async function call(path: string, body: object): Promise<AuthProblem> {
  try {
    const response = await fetch(`/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (response.ok && Done.safeParse(answer).success) {
      // Whoever was here last is not who opens the conversations next.
      if (path !== '/sign-out') {
        forgetLastAccount();
        forgetConversation();
      }
      hasLeft();
      return null;
    }
    const refusal = Refusal.safeParse(answer);
    return refusal.success ? refusal.data.message : en.signIn.failed;
  } catch {
    return en.signIn.failed;
  }
}

export const signInAsGuest = () => call('/sign-in/anonymous', {});
export const signIn = (email: string, password: string) => call('/sign-in/email', { email, password });
/** For a guest this keeps the account and everything in it. */
export const signUp = (name: string, email: string, password: string) =>
  call('/sign-up/email', { name, email, password });
export const signOut = () => call('/sign-out', {});
