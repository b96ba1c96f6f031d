import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMutationId, newSessionId, type SessionId, type UserId } from '../../protocol/ids.ts';
import { createPlainChatDomain } from '../../server/http/plain-chat-domain.ts';
import { eventually } from '../support/eventually.ts';
import { type Browser, type ServedApp, serveApp } from '../support/served-app.ts';
import { createWorld, type World } from '../support/world.ts';

/** Nobody writes answers here: a script that asks for one waits until something else happens. */
let world: World;
let app: ServedApp;
beforeAll(async () => {
  world = await createWorld();
  app = await serveApp({
    prisma: world.database.prisma,
    router: world.router,
    plainChat: createPlainChatDomain({
      domain: world.domain,
      listen: (subscriber) => world.services.subscribe(subscriber, null),
    }),
  });
  app.auth.onAuthSessionEnded(({ authSessionId }) => world.cluster.closeStreams({ authSessionId }));
});
afterAll(async () => {
  await app.close();
  await world.close();
});

interface Waiting {
  script: Browser;
  userId: UserId;
  sessionId: SessionId;
}

const ends = [
  {
    when: 'it has signed out',
    end: ({ script }: Waiting) => script.post('/api/auth/sign-out', {}),
    status: 401,
    reason: 'UNAUTHENTICATED',
    sentence: 'You are not signed in, or no longer. Sign in and try again.',
  },
  {
    when: 'it has left the conversation',
    end: ({ script, sessionId }: Waiting) =>
      script.post('/trpc/session.leave', { mutationId: newMutationId(), sessionId }),
    status: 403,
    reason: 'FORBIDDEN',
    sentence: 'You are no longer in this conversation.',
  },
  {
    when: 'the server closes its streams',
    end: async ({ userId }: Waiting) => world.cluster.closeStreams({ userId }),
    status: 503,
    reason: 'UNAVAILABLE',
    sentence:
      'The answer is being written, but it can be followed no further from here. Read the conversation in a moment.',
  },
];

describe.each(ends)('a script that waits for an answer when $when', ({ end, status, reason, sentence }) => {
  async function ask(accept: string): Promise<Response> {
    const script = app.browser();
    const userId = (await script.guest()).id as UserId; // ids of accounts are minted as such
    const sessionId = newSessionId();
    await script.post('/trpc/session.create', { id: sessionId });
    const reply = script.post('/api/chat', { message: 'Which topic?', context: { sessionId } }, { accept });
    await eventually(() => expect(world.hub.isConnected(userId)).toBe(true));
    await end({ script, userId, sessionId });
    return reply;
  }

  it('is told so, and not that the answer stands (invariant 24)', async () => {
    const response = await ask('application/json');
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ success: false, reason, error: sentence });
  });

  it('is told so at the end of the stream', async () => {
    const parts = (await (await ask('text/event-stream')).text())
      .split('\n\n')
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice('data: '.length)));
    expect(parts.at(-1)).toEqual({ type: 'error', errorText: sentence });
    expect(parts.map(({ type }) => type)).not.toContain('data-answer');
  });
});
