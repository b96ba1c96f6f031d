import type { IncomingHttpHeaders } from 'node:http';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { createAuthMiddleware, isAPIError } from 'better-auth/api';
import { anonymous } from 'better-auth/plugins';
import type { Logger } from 'pino';
import { v7 } from 'uuid';
import { ChatError } from '../../protocol/errors.ts';
import { UserId } from '../../protocol/ids.ts';
import { Me } from '../../protocol/shapes.ts';
import type { LivingAuthSession } from '../store/living-auth-sessions.ts';
import type { PrismaClient } from '../store/prisma-types.ts';
import { AccountCache, type SignedInAccount } from './account-cache.ts';
import { authSentences } from './auth-sentences.ts';
import { guestName } from './guest-names.ts';
import { guestUpgrade } from './guest-upgrade.ts';
import { Listeners } from './listeners.ts';

const DAY = 24 * 60 * 60;

export interface AuthOptions {
  prisma: PrismaClient;
  /** The origin that browsers use, without a slash at its end. */
  publicUrl: string;
  /** Origins whose pages may be returned to after signing in: trustedOrigins() of origin-guard.ts. */
  trustedOrigins: readonly string[];
  /** At least 32 characters. */
  secret: string;
  log: Logger;
}

export interface EndedAuthSession {
  authSessionId: string;
  userId: string;
}

export interface Auth {
  /** Serves /api/auth/*: better-auth's own paths, bodies and answers. */
  handler(request: Request): Promise<Response>;
  /**
   * Who a request comes from, by its cookie; null when nobody is signed in. Remembered for some seconds.
   * Throws UNAVAILABLE while the database is away: that is no reason to sign anybody out.
   */
  accountOf(headers: Pick<IncomingHttpHeaders, 'cookie'>): Promise<SignedInAccount | null>;
  /** Tells each auth session that ends on this node: sign-out, revocation, a new password. Returns the way out. */
  onAuthSessionEnded(listener: (ended: EndedAuthSession) => void | Promise<void>): () => void;
  /** Tells each guest who signed up on this node, before the answer goes out; the user's id stays. */
  onGuestUpgraded(listener: (userId: UserId) => void | Promise<void>): () => void;
  /**
   * Auth sessions as they were just read, because they have a stream open: for the next `forMs` nobody need look them
   * up, so that a crowd that reconnects at once costs no crowd of look-ups.
   */
  renew(living: readonly LivingAuthSession[], forMs: number): void;
  /** Those of which something is remembered. */
  authSessions(): string[];
  /** Forgets what is remembered of an auth session or a user that another node ended or changed. */
  forget(who: { authSessionId: string } | { userId: string }): void;
}

/** Guests, e-mail and password, over better-auth; its rows live in the tables of prisma/schema.prisma. */
export function createAuth(options: AuthOptions): Auth {
  const { log } = options;
  const cache = new AccountCache();
  const ended = new Listeners<EndedAuthSession>(log);
  const upgraded = new Listeners<UserId>(log);
  const auth = configure(options, {
    async onEnded(session) {
      cache.dropAuthSession(session.authSessionId);
      await ended.tell(session);
    },
    async onUpgraded(userId) {
      cache.dropUser(userId);
      await upgraded.tell(UserId.parse(userId));
    },
  });

  async function lookUp(cookie: string): Promise<SignedInAccount | null> {
    const { generation } = cache;
    const found = await auth.api
      .getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } })
      .catch((cause: unknown) => {
        log.error({ err: cause }, 'an auth session could not be read');
        throw new ChatError('UNAVAILABLE', 'The database is out of reach right now. Try again in a moment.');
      });
    if (!found) return null;
    const { session, user } = found;
    const account = toAccount({
      id: session.id,
      userId: user.id,
      isAnonymous: user.isAnonymous === true,
      role: String(user.role),
      expiresAt: session.expiresAt,
    });
    cache.put(cookie, account, generation);
    return account;
  }

  const cookieName = sessionCookieName(options.publicUrl);
  return {
    handler: auth.handler,
    async accountOf(headers) {
      const cookie = sessionCookie(headers.cookie, cookieName);
      return cookie === null ? null : (cache.get(cookie) ?? lookUp(cookie));
    },
    onAuthSessionEnded: (listener) => ended.add(listener),
    onGuestUpgraded: (listener) => upgraded.add(listener),
    renew(living, forMs) {
      cache.renew(new Map(living.map((one) => [one.id, toAccount(one)])), forMs);
    },
    authSessions: () => cache.authSessions(),
    forget(who) {
      if ('userId' in who) cache.dropUser(who.userId);
      else cache.dropAuthSession(who.authSessionId);
    },
  };
}

function toAccount({ id, userId, isAnonymous, role, expiresAt }: LivingAuthSession): SignedInAccount {
  return {
    userId: UserId.parse(userId),
    authSessionId: id,
    isGuest: isAnonymous,
    role: Me.shape.role.catch('student').parse(role),
    expiresAt,
  };
}

interface Told {
  onEnded(session: EndedAuthSession): Promise<void>;
  onUpgraded(userId: string): Promise<void>;
}

function configure({ prisma, publicUrl, trustedOrigins, secret, log }: AuthOptions, told: Told) {
  return betterAuth({
    appName: 'J Star Chat',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret,
    trustedOrigins: [...trustedOrigins],
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
    user: {
      modelName: 'user',
      additionalFields: { role: { type: 'string', required: false, defaultValue: 'student', input: false } },
    },
    // Long, for a phone may stay in a pocket over a vacation; get-session moves it on once a day.
    session: { modelName: 'authSession', expiresIn: 90 * DAY, updateAge: DAY },
    account: { modelName: 'authAccount' },
    verification: { modelName: 'authVerification' },
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128, autoSignIn: true },
    plugins: [
      anonymous({
        generateName: () => guestName(),
        generateRandomEmail: () => `guest-${v7()}@guest.invalid`,
        // A guest is a member of conversations and an author of messages: never deleted behind their back.
        disableDeleteAnonymousUser: true,
      }),
      guestUpgrade({ prisma, onUpgraded: told.onUpgraded }),
      authSentences,
    ],
    hooks: {
      // Whoever knew the old password is out everywhere (invariant 24).
      before: createAuthMiddleware(async (ctx) => {
        if (ctx.path !== '/change-password') return;
        return { context: { body: { ...ctx.body, revokeOtherSessions: true } } };
      }),
    },
    databaseHooks: {
      session: { delete: { after: ({ id, userId }) => told.onEnded({ authSessionId: id, userId }) } },
    },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: isHttps(publicUrl),
      database: { generateId: () => v7() },
      // Nobody reads the address, so it is not kept.
      ipAddress: { disableIpTracking: true },
      // Origins are judged in one place, by origin-guard.ts, which lets scripts through; where to go back to after
      // signing in is judged by better-auth.
      disableCSRFCheck: true,
      disableOriginCheck: false,
    },
    // Ours stand before it, see auth-mount.ts.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Refusals are answers; whatever else is thrown is logged, and never to the console.
    onAPIError: {
      onError(error) {
        if (isAPIError(error) && error.statusCode < 500) return;
        log.error({ component: 'auth', err: error }, 'better-auth failed');
      },
    },
    logger: {
      level: 'error',
      log: (_level, message, ...details) => {
        log.error({ component: 'auth', err: details.find((detail) => detail instanceof Error) }, message);
      },
    },
  });
}

const COOKIE_PREFIX = 'j-star';
const isHttps = (publicUrl: string) => publicUrl.startsWith('https:');

function sessionCookieName(publicUrl: string): string {
  return `${isHttps(publicUrl) ? '__Secure-' : ''}${COOKIE_PREFIX}.session_token`;
}

/** The session cookie alone as "name=value": all that a look-up needs, and its key. */
function sessionCookie(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const cookie = part.trim();
    if (cookie.startsWith(`${name}=`) && cookie.length > name.length + 1) return cookie;
  }
  return null;
}
