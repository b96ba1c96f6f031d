import { EventSource } from 'eventsource';
import { createTrpc, type Trpc, type TrpcOptions } from '../../app/trpc/client.ts';
import { ATTACHMENTS_PATH } from '../../protocol/attachments.ts';
import { Me } from '../../protocol/shapes.ts';

/** Somebody with an account, signed in on their devices with one cookie. */
export interface Person {
  me: Me;
  cookie: string;
  /** For signing in again; a guest cannot. */
  login: { email: string; password: string } | null;
}

const json = { 'content-type': 'application/json' };

export async function newPerson(serverUrl: string): Promise<Person> {
  return enter(serverUrl, 'sign-in/anonymous', {}, null);
}

export async function newMember(serverUrl: string, name: string): Promise<Person> {
  const login = { email: `${crypto.randomUUID()}@example.test`, password: 'a long enough password' };
  return enter(serverUrl, 'sign-up/email', { ...login, name }, login);
}

/** The same account, with a new cookie. */
export async function signInAgain(serverUrl: string, person: Person): Promise<void> {
  if (!person.login) throw new Error('A guest cannot sign in again');
  const { cookie } = await enter(serverUrl, 'sign-in/email', person.login, person.login);
  person.cookie = cookie;
}

async function enter(serverUrl: string, path: string, body: object, login: Person['login']): Promise<Person> {
  const headers = { ...json, origin: serverUrl };
  const response = await fetch(`${serverUrl}/api/auth/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const me = Me.parse(await createTrpc(callsOf(serverUrl, () => cookie)).me.get.query());
  return { me, cookie, login };
}

/** The server as this person sees it, over a good network. */
export function truthOf(serverUrl: string, person: Person): Trpc {
  return createTrpc(callsOf(serverUrl, () => person.cookie));
}

/** A file as the server hands it to this person; null when it has none such. */
export async function bytesOf(serverUrl: string, person: Person, id: string): Promise<Buffer | null> {
  const headers = { cookie: person.cookie };
  const response = await fetch(`${serverUrl}${ATTACHMENTS_PATH}/${id}`, { headers });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${id}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** What the client code needs outside of a browser: an address, and a fetch that brings the cookie of the moment. */
export function callsOf(serverUrl: string, cookie: () => string): TrpcOptions {
  const withCookie: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', cookie());
    return fetch(input, { ...init, headers });
  };
  class CookieEventSource extends EventSource {
    constructor(url: string | URL) {
      super(url, { fetch: withCookie as never }); // the package types a fetch of its own
    }
  }
  // The package's class is the browser's, but for the type of its events.
  return {
    serverUrl,
    fetch: withCookie,
    EventSource: CookieEventSource as unknown as typeof globalThis.EventSource,
  };
}
