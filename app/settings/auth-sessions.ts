import { z } from 'zod';
import { patientFetch } from '../trpc/patient-fetch.ts';

/** One place where this account is signed in. */
export interface SignedInDevice {
  id: string;
  token: string;
  /** In words, as far as it tells; null when it does not. */
  description: string | null;
  /** When it signed in, ISO 8601. */
  since: string;
  isThisOne: boolean;
}

const AuthSession = z.object({
  id: z.string(),
  token: z.string(),
  userAgent: z.string().nullish(),
  createdAt: z.string(),
});
const Revoked = z.object({ status: z.literal(true) });
const patient = patientFetch((input, init) => fetch(input, init));

const Current = z.object({ session: z.object({ id: z.string() }) });

/** Throws when the server cannot be reached or does not answer as it should. */
export async function listDevices(): Promise<SignedInDevice[]> {
  const [all, current] = await Promise.all([read('/list-sessions'), read('/get-session')]);
  const { session } = Current.parse(current);
  return z
    .array(AuthSession)
    .parse(all)
    .map(({ id, token, userAgent, createdAt }) => ({
      id,
      token,
      description: inWords(userAgent ?? ''),
      since: createdAt,
      isThisOne: id === session.id,
    }))
    .sort((a, b) => Number(b.isThisOne) - Number(a.isThisOne) || (a.since < b.since ? 1 : -1));
}

/** Its streams close within seconds, and what it kept is wiped when it next asks. */
export async function signOutDevice({ token }: SignedInDevice): Promise<void> {
  const response = await patient('/api/auth/revoke-session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) throw new Error(`revoke-session answered ${response.status}`);
  // In the server's own words: a captive portal answers too, and the other device would stay signed in.
  Revoked.parse(await response.json());
}

async function read(path: string): Promise<unknown> {
  const response = await patient(`/api/auth${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

/** The first that fits: most browsers also claim to be those below them. */
const browsers: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** A user agent in words: "Chrome, Android". */
export function inWords(userAgent: string): string | null {
  const named = [browsers, systems].map((kind) => kind.find(([pattern]) => pattern.test(userAgent))?.[1]);
  return named.filter((name) => name !== undefined).join(', ') || null;
}
