import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { parseUserOutput } from 'better-auth/db';
import { v7 } from 'uuid';
import { z } from 'zod';
import { PersonName } from '../../protocol/person-name.ts';
import type { PrismaClient } from '../store/prisma-types.ts';

/** No stricter than sign-up itself: what does not fit is left to it to refuse. */
const SignUp = z.object({ name: z.string(), email: z.email(), password: z.string().min(8).max(128) });

export interface GuestUpgradeOptions {
  prisma: PrismaClient;
  /** Told once a guest has become somebody; the id of the user stays. */
  onUpgraded(userId: string): Promise<void>;
}

/**
 * A guest who signs up stays the same user with the same auth session: the messages they wrote, the conversations
 * they are in and the streams they hold remain theirs. Everybody else's sign-up takes its usual way.
 */
export function guestUpgrade({ prisma, onUpgraded }: GuestUpgradeOptions): BetterAuthPlugin {
  return {
    id: 'guest-upgrade',
    hooks: {
      before: [
        {
          matcher: (ctx) => ctx.path === '/sign-up/email',
          handler: createAuthMiddleware(async (ctx) => {
            const name = requireName(ctx.body?.name);
            const body = { ...ctx.body, name };
            const guest = await getSessionFromCtx(ctx, { disableRefresh: true });
            const signUp = SignUp.safeParse(body);
            if (!guest?.user.isAnonymous || !signUp.success) return { context: { body } };
            const email = signUp.data.email.toLowerCase();
            if (await ctx.context.internalAdapter.findUserByEmail(email)) return { context: { body } };

            const password = await ctx.context.password.hash(signUp.data.password);
            await becomeSomebody(prisma, { userId: guest.user.id, name, email, password });
            await onUpgraded(guest.user.id);
            const user = { ...guest.user, name, email, isAnonymous: false, updatedAt: new Date() };
            await setSessionCookie(ctx, { session: guest.session, user });
            return { token: guest.session.token, user: parseUserOutput(ctx.context.options, user) };
          }),
        },
      ],
      after: [
        {
          // A browser has one auth session: signing in as somebody ends the one it came with.
          matcher: (ctx) => /^\/sign-(in|up)\//.test(ctx.path ?? ''),
          handler: createAuthMiddleware(async (ctx) => {
            const fresh = ctx.context.newSession;
            const token = await ctx.getSignedCookie(
              ctx.context.authCookies.sessionToken.name,
              ctx.context.secret,
            );
            if (!fresh || !token || fresh.session.token === token) return;
            await ctx.context.internalAdapter.deleteSession(token);
          }),
        },
      ],
    },
  };
}

function requireName(name: unknown): string {
  const parsed = PersonName.safeParse(typeof name === 'string' ? name : '');
  if (parsed.success) return parsed.data;
  const message = `${parsed.error.issues[0]?.message}.`;
  throw new APIError('BAD_REQUEST', {
    code: 'INVALID_NAME',
    message,
    reason: 'INVALID_INPUT',
    retryable: false,
  });
}

interface Somebody {
  userId: string;
  name: string;
  email: string;
  /** As better-auth hashes it. */
  password: string;
}

async function becomeSomebody(
  prisma: PrismaClient,
  { userId, name, email, password }: Somebody,
): Promise<void> {
  try {
    await prisma.$transaction([
      // Fails when a second sign-up of the same guest was faster, and with it the credential.
      prisma.user.update({
        where: { id: userId, isAnonymous: true },
        data: { name, email, isAnonymous: false },
      }),
      prisma.authAccount.create({
        data: { id: v7(), accountId: userId, providerId: 'credential', userId, password },
      }),
    ]);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== UNIQUE_VIOLATION && code !== NO_SUCH_ROW) throw error;
    throw new APIError('UNPROCESSABLE_ENTITY', {
      code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
      message: 'Somebody has signed up with this e-mail address just now. Sign in, or use another address.',
      reason: 'CONFLICT',
      retryable: false,
    });
  }
}

/** Prisma's codes. */
const UNIQUE_VIOLATION = 'P2002';
const NO_SUCH_ROW = 'P2025';
