import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ServedApp, serveApp } from '../../tests/support/served-app.ts';
import { createWorld, type World } from '../../tests/support/world.ts';
import { createLimits } from './rate-limits.ts';

let world: World;
let app: ServedApp;
beforeAll(async () => {
  world = await createWorld();
  app = await serveApp({ prisma: world.database.prisma, router: world.router });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await app.close();
  await world.close();
});

const password = 'correct horse battery';

it('many people who sign up at once are let in few at a time, so that threads and connections are left for everybody else', async () => {
  const handler = app.auth.handler;
  let [open, most] = [0, 0];
  vi.spyOn(app.auth, 'handler').mockImplementation(async (request) => {
    open += 1;
    most = Math.max(most, open);
    return handler(request).finally(() => {
      open -= 1;
    });
  });
  const statuses = await Promise.all(
    Array.from({ length: 24 }, async (_, i) => {
      const person = { name: 'Ada Obi', email: `ada${i}@example.org`, password };
      return (await app.browser().post('/api/auth/sign-up/email', person)).status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(most).toBe(2);
});

it('one device that tries a wrong password on and on keeps nobody else at its address from signing in', async () => {
  const campus = await serveApp({
    prisma: world.database.prisma,
    router: world.router,
    limits: createLimits({ enabled: true }),
  });
  const ben = { name: 'Ben Obi', email: 'ben@example.org', password };
  await campus.browser().post('/api/auth/sign-up/email', ben);
  const device = campus.browser();
  const statuses = [];
  for (let i = 0; i < 200; i += 1) {
    const wrong = { email: 'forgotten@example.org', password: 'it was this one, was it not' };
    statuses.push((await device.post('/api/auth/sign-in/email', wrong)).status);
  }
  expect(new Set(statuses.slice(0, 10))).toEqual(new Set([401]));
  expect(new Set(statuses.slice(10))).toEqual(new Set([429]));
  expect((await campus.browser().post('/api/auth/sign-in/email', ben)).status).toBe(200);
  await campus.close();
}, 20_000);
