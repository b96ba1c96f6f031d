import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware, isAPIError } from 'better-auth/api';
import { type Reason, reasons } from '../../protocol/errors.ts';
import { notSignedIn } from '../domain/account.ts';

/** What better-auth's codes say to a person. */
const sentences: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'The e-mail address or the password is not right. Check both and try again.',
  INVALID_PASSWORD: 'The current password is not right. Try again.',
  INVALID_EMAIL: 'This is no e-mail address. Write it whole, such as ada@example.org.',
  PASSWORD_TOO_SHORT: 'A password needs at least 8 characters.',
  PASSWORD_TOO_LONG: 'A password may have up to 128 characters.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    'Somebody has signed up with this e-mail address already. Sign in, or use another address.',
  ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY: 'You are here as a guest already.',
  FAILED_TO_CREATE_USER: 'The account could not be created. Try again in a moment.',
  UNAUTHORIZED: notSignedIn().message,
};

const reasonOfStatus: Record<number, Reason> = {
  400: 'INVALID_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  422: 'CONFLICT',
};

/** Gives each failure of better-auth a sentence to act on, beside its own code, and our reason. */
export const authSentences: BetterAuthPlugin = {
  id: 'auth-sentences',
  hooks: {
    after: [
      {
        matcher: () => true,
        handler: createAuthMiddleware(async (ctx) => {
          const { returned } = ctx.context;
          if (!isAPIError(returned)) return;
          const { code, message = '' } = returned.body ?? {};
          const reason = reasonOfStatus[returned.statusCode];
          if (!reason) return;
          throw new APIError(returned.status, {
            code,
            message: (code && sentences[code]) ?? sentenceOfIssue(message),
            reason,
            retryable: reasons[reason].retryable,
          });
        }),
      },
    ],
  },
};

/** "[body.email] Invalid email address" as a sentence. */
function sentenceOfIssue(message: string): string {
  const [, field, what] = /^\[(?:body|query)\.?([\w.]*)\] (.+?)\.?$/.exec(message) ?? [];
  if (what) return field ? `"${field}" is not valid: ${what}.` : `The input is not valid: ${what}.`;
  return message;
}
