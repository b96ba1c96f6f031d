import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, type ServedApp, serveApp } from '../../tests/support/served-app.ts';
import { createWorld, type World } from '../../tests/support/world.ts';

let world: World;
let app: ServedApp;
beforeAll(async () => {
  world = await createWorld();
  app = await serveApp({ prisma: world.database.prisma, router: world.router });
});
afterAll(async () => {
  await app.close();
  await world.close();
});

let people = 0;
function newPerson() {
  people += 1;
  return { name: 'Ada Obi', email: `ada${people}@example.org`, password: 'correct horse battery' };
}

const cookieHeader = (browser: Browser) => ({
  cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
});

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a guest', () => {
  it('is somebody after one request, with a cookie that scripts in a page cannot read', async () => {
    const response = await fetch(`${app.url}/api/auth/sign-in/anonymous`, { method: 'POST' });
    expect(response.status).toBe(200);
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^j-star\.session_token=/);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).not.toMatch(/Secure/i);
    const { user } = await response.json();
    expect(user).toMatchObject({
      isAnonymous: true,
      role: 'student',
      name: expect.stringMatching(/^Guest \w+ \d\d$/),
    });
    expect(user.id).toMatch(UUID_V7);
    expect(user.email).toMatch(/@guest\.invalid$/);
  });

  it('is known by the cookie, to better-auth and to procedures', async () => {
    const browser = app.browser();
    const { id, name } = await browser.guest();
    expect(await browser.session()).toMatchObject({ user: { id, name } });
    expect(await app.auth.accountOf(cookieHeader(browser))).toMatchObject({
      userId: id,
      isGuest: true,
      role: 'student',
      expiresAt: expect.any(Date),
    });
    const me = await (await browser.get('/trpc/me.get')).json();
    expect(me.result.data).toMatchObject({ id, name, isGuest: true, email: null });
  });

  it('comes in where the auth session before has ended, though the browser still sends its cookie', async () => {
    const phone = app.browser();
    await phone.guest();
    const elsewhere = app.browser();
    for (const [name, value] of phone.cookies) elsewhere.cookies.set(name, value);
    expect((await elsewhere.post('/api/auth/sign-out')).status).toBe(200);
    const { id } = await phone.guest();
    expect(await phone.session()).toMatchObject({ user: { id } });
  });

  it('who signs up stays the same person in the same auth session', async () => {
    const browser = app.browser();
    const guest = await browser.guest();
    const before = await app.auth.accountOf(cookieHeader(browser));
    const told: string[] = [];
    const stop = app.auth.onGuestUpgraded((userId) => void told.push(userId));
    const person = newPerson();

    const response = await browser.post('/api/auth/sign-up/email', person);
    stop();
    expect(response.status).toBe(200);
    const { token, user } = await response.json();
    expect(token).toEqual(expect.any(String));
    expect(user).toMatchObject({ id: guest.id, name: 'Ada Obi', email: person.email, isAnonymous: false });
    expect(told).toEqual([guest.id]);
    expect(await app.auth.accountOf(cookieHeader(browser))).toEqual({ ...before, isGuest: false });

    const elsewhere = app.browser();
    const signIn = await elsewhere.post('/api/auth/sign-in/email', person);
    expect(signIn.status).toBe(200);
    expect((await elsewhere.session())?.user.id).toBe(guest.id);
  });

  it('stays a guest when the address is taken, the password too short or the name missing', async () => {
    const taken = newPerson();
    await app.browser().post('/api/auth/sign-up/email', taken);
    const browser = app.browser();
    const { id } = await browser.guest();
    for (const [body, status] of [
      [{ ...newPerson(), email: taken.email.toUpperCase() }, 422],
      [{ ...newPerson(), password: 'short' }, 400],
      [{ ...newPerson(), name: '  ' }, 400],
      [{ ...newPerson(), name: 'Ada\tObi' }, 400],
      [{ ...newPerson(), name: '\u202eibO adA' }, 400],
      [{ ...newPerson(), email: 'nobody' }, 400],
    ] as const) {
      const response = await browser.post('/api/auth/sign-up/email', body);
      expect(response.status).toBe(status);
      expect((await response.json()).message).toMatch(/^.{15,}\.$/);
    }
    expect(await browser.session()).toMatchObject({ user: { id, isAnonymous: true } });
    expect(await world.database.prisma.authAccount.count({ where: { userId: id } })).toBe(0);
  });

  it('who signs up twice at once becomes one person', async () => {
    const browser = app.browser();
    const { id } = await browser.guest();
    const answers = await Promise.all(
      [newPerson(), newPerson()].map((person) => browser.post('/api/auth/sign-up/email', person)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422]);
    expect(await world.database.prisma.authAccount.count({ where: { userId: id } })).toBe(1);
  });

  it('who signs in to an older account leaves no auth session of the guest behind', async () => {
    const person = newPerson();
    await app.browser().post('/api/auth/sign-up/email', person);
    const browser = app.browser();
    const guest = await browser.guest();
    const ended: string[] = [];
    const stop = app.auth.onAuthSessionEnded(({ userId }) => void ended.push(userId));
    await browser.post('/api/auth/sign-in/email', person);
    stop();
    expect(ended).toEqual([guest.id]);
    expect((await browser.session())?.user.name).toBe('Ada Obi');
    expect(await world.database.prisma.authSession.count({ where: { userId: guest.id } })).toBe(0);
    expect(await world.database.prisma.user.count({ where: { id: guest.id } })).toBe(1);
  });
});

describe('somebody with a password', () => {
  it('signs up, and in again elsewhere', async () => {
    const person = newPerson();
    const response = await app.browser().post('/api/auth/sign-up/email', person);
    expect(response.status).toBe(200);
    expect((await response.json()).user.id).toMatch(UUID_V7);
    const elsewhere = app.browser();
    await elsewhere.post('/api/auth/sign-in/email', { ...person, email: person.email.toUpperCase() });
    expect(await elsewhere.session()).toMatchObject({ user: { name: 'Ada Obi', isAnonymous: false } });
  });

  it('is a student whatever the request says', async () => {
    const guest = app.browser();
    await guest.guest();
    for (const browser of [guest, app.browser()]) {
      const id = '01890a5d-ac96-774b-bcce-b302099a8057';
      const body = { ...newPerson(), role: 'admin', isAnonymous: true, id };
      expect((await browser.post('/api/auth/sign-up/email', body)).status).toBe(200);
      const row = await world.database.prisma.user.findUniqueOrThrow({ where: { email: body.email } });
      expect(row).toMatchObject({ role: 'student', isAnonymous: false });
      expect(row.id).not.toBe(id);
    }
  });

  it('is told in a sentence that the password is wrong, and not which of the two it was', async () => {
    const person = newPerson();
    await app.browser().post('/api/auth/sign-up/email', person);
    const answers = await Promise.all(
      [
        { ...person, password: 'wrong horse' },
        { ...person, email: 'nobody@example.org' },
      ].map(async (body) => {
        const response = await app.browser().post('/api/auth/sign-in/email', body);
        return { status: response.status, body: await response.json() };
      }),
    );
    for (const answer of answers) {
      expect(answer).toEqual({
        status: 401,
        body: {
          code: 'INVALID_EMAIL_OR_PASSWORD',
          message: 'The e-mail address or the password is not right. Check both and try again.',
          reason: 'UNAUTHENTICATED',
          retryable: false,
        },
      });
    }
  });

  it('is signed out at once on this node, and streams are told', async () => {
    const browser = app.browser();
    await browser.post('/api/auth/sign-up/email', newPerson());
    const headers = cookieHeader(browser);
    const account = await app.auth.accountOf(headers);
    const ended: string[] = [];
    const stop = app.auth.onAuthSessionEnded(({ authSessionId }) => void ended.push(authSessionId));
    // As curl does it: with the cookie, without an Origin, without a body.
    expect((await browser.post('/api/auth/sign-out')).status).toBe(200);
    stop();
    expect(ended).toEqual([account?.authSessionId]);
    expect(browser.cookies.size).toBe(0);
    expect(await app.auth.accountOf(headers)).toBeNull();
    expect((await fetch(`${app.url}/trpc/me.get`, { headers })).status).toBe(401);
  });

  it('is signed out everywhere else by a new password (invariant 24)', async () => {
    const person = newPerson();
    const here = app.browser();
    const there = app.browser();
    await here.post('/api/auth/sign-up/email', person);
    await there.post('/api/auth/sign-in/email', person);
    const thief = cookieHeader(there);
    expect(await app.auth.accountOf(thief)).not.toBeNull();
    const response = await here.post('/api/auth/change-password', {
      currentPassword: person.password,
      newPassword: 'another horse battery',
    });
    expect(response.status).toBe(200);
    expect(await app.auth.accountOf(thief)).toBeNull();
    expect(await app.auth.accountOf(cookieHeader(here))).not.toBeNull();
  });

  it('may sign out everywhere', async () => {
    const person = newPerson();
    const here = app.browser();
    const there = app.browser();
    await here.post('/api/auth/sign-up/email', person);
    await there.post('/api/auth/sign-in/email', person);
    const cookies = [cookieHeader(here), cookieHeader(there)];
    for (const headers of cookies) expect(await app.auth.accountOf(headers)).not.toBeNull();
    expect((await here.post('/api/auth/revoke-sessions', {})).status).toBe(200);
    for (const headers of cookies) expect(await app.auth.accountOf(headers)).toBeNull();
  });
});

it('nobody is whoever brings a forged, foreign or expired cookie', async () => {
  const browser = app.browser();
  const { id } = await browser.guest();
  const [[name = '', value = ''] = []] = [...browser.cookies];
  expect(await app.auth.accountOf({ cookie: `${name}=${value.replace('.', 'x.')}` })).toBeNull();
  expect(await app.auth.accountOf({ cookie: `${name}=nonsense` })).toBeNull();
  expect(await app.auth.accountOf({ cookie: 'other=1' })).toBeNull();
  expect(await app.auth.accountOf({})).toBeNull();
  await world.database.prisma.authSession.updateMany({
    where: { userId: id },
    data: { expiresAt: new Date(0) },
  });
  expect(await app.auth.accountOf(cookieHeader(browser))).toBeNull();
});

it('says in our terms what is wrong with a request, and serves no other path of better-auth', async () => {
  const browser = app.browser();
  const malformed = await fetch(`${app.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"email":',
  });
  expect([malformed.status, (await malformed.json()).reason]).toEqual([400, 'INVALID_INPUT']);
  const large = await browser.post('/api/auth/sign-in/email', { email: 'x'.repeat(100_000) });
  expect([large.status, (await large.json()).reason]).toEqual([413, 'TOO_LARGE']);
  const incomplete = await browser.post('/api/auth/sign-in/email', { email: 'ada@example.org' });
  expect([incomplete.status, (await incomplete.json()).reason]).toEqual([400, 'INVALID_INPUT']);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx']) {
    const other = await browser.post('/api/auth/sign-in/anonymous', {}, { 'content-type': type });
    expect([other.status, await other.json()]).toEqual([
      400,
      expect.objectContaining({
        reason: 'INVALID_INPUT',
        retryable: false,
        message: expect.stringContaining('JSON'),
      }),
    ]);
  }
  for (const path of ['update-user', 'delete-anonymous-user', 'sign-in/social', 'nonsense', '']) {
    const response = await browser.post(`/api/auth/${path}`, {});
    expect([path, response.status, (await response.json()).reason]).toEqual([path, 404, 'NOT_FOUND']);
  }
});

it('uses a Secure cookie behind https', async () => {
  const secure = await serveApp({
    prisma: world.database.prisma,
    router: world.router,
    publicUrl: 'https://chat.example.org',
  });
  const response = await fetch(`${secure.url}/api/auth/sign-in/anonymous`, { method: 'POST' });
  const [cookie = ''] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^__Secure-j-star\.session_token=.*; Secure/i);
  const headers = { cookie: cookie.split(';')[0] ?? '' };
  expect(await secure.auth.accountOf(headers)).toMatchObject({ isGuest: true });
  await secure.close();
});
