import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MessageId, newMessageId, newSessionId, newUserId, type SessionId } from '../../protocol/ids.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import { type Browser, type ServedApp, serveApp } from '../../tests/support/served-app.ts';
import { createWorld, type World } from '../../tests/support/world.ts';
import { createSession } from '../domain/create-session.ts';
import { listMessages } from '../domain/read-messages.ts';
import { listSessions } from '../domain/read-sessions.ts';
import { sendMessage } from '../domain/send-message.ts';
import type { AnswerRef, PlainChatDomain } from './plain-chat.ts';

let world: World;
let app: ServedApp;
/** What Agent Jay says to whatever he is asked, piece by piece, and how it ends. */
let pieces: () => AsyncGenerator<string>;
let end: Partial<NonNullable<ChatMessage['turn']>>;
let waitedFor: AnswerRef[];

beforeAll(async () => {
  world = await createWorld();
  const { domain } = world;
  const plainChat: PlainChatDomain = {
    createSession: (account, input) => createSession(domain, account, input),
    sendMessage: async (account, input) => {
      const sent = await sendMessage(domain, account, input);
      const turn = await domain.database.prisma.agentTurn.findFirst({
        where: { questionId: input.id, version: 1 },
      });
      return { ...sent, answerId: (turn?.messageId as MessageId | undefined) ?? null }; // minted as one
    },
    listMessages: (account, input) => listMessages(domain, account, input),
    listSessions: (account, of) => listSessions(domain, account, {}, of),
    streamAnswer: () => pieces(),
    async waitForAnswer(account, answer) {
      waitedFor.push(answer);
      let content = '';
      for await (const piece of pieces()) content += piece;
      const { messages } = await listMessages(domain, account, { sessionId: answer.sessionId, limit: 200 });
      const message = messages.find(({ id }) => id === answer.messageId);
      if (!message?.turn) throw new Error('there is no such answer');
      return { ...message, content, turn: { ...message.turn, status: 'done', ...end } };
    },
  };
  app = await serveApp({ prisma: world.database.prisma, router: world.router, plainChat });
});
afterAll(async () => {
  await app.close();
  await world.close();
});
beforeEach(() => {
  waitedFor = [];
  end = {};
  pieces = async function* () {
    yield 'A literature review ';
    yield 'maps the field.';
  };
});

async function signedIn(): Promise<{ browser: Browser; userId: string }> {
  const browser = app.browser();
  const { id } = await browser.guest();
  return { browser, userId: id };
}

async function failure(response: Response) {
  const { success, error, reason } = await response.json();
  expect([success, error]).toEqual([false, expect.stringMatching(/\.$/)]);
  return [response.status, reason];
}

const list = async (browser: Browser, sessionId: SessionId, more = ''): Promise<ChatMessage[]> =>
  (await browser.get(`/api/chat?sessionId=${sessionId}${more}`)).json();

describe('asking with one POST', () => {
  it('opens a conversation and brings the answer once it stands', async () => {
    const { browser, userId } = await signedIn();
    const message = 'What is a literature review?';
    const response = await browser.post('/api/chat', { message, context: { userId: 'anything' } });
    expect(response.status).toBe(200);
    const { success, sessionId, userMessage, aiMessage } = await response.json();
    expect(success).toBe(true);
    expect(userMessage).toMatchObject({ sessionId, userId, role: 'user', content: message });
    expect(aiMessage).toMatchObject({
      sessionId,
      userId: 'ai-agent',
      role: 'assistant',
      content: 'A literature review maps the field.',
      turn: { status: 'done' },
    });
    const more = await browser.post('/api/chat', { message: 'And then?', context: { sessionId } });
    expect((await more.json()).sessionId).toBe(sessionId);
    const roles = (await list(browser, sessionId)).map(({ role }) => role);
    expect(roles).toEqual(['user', 'assistant', 'user', 'assistant']);
  });

  it('happens once when it is retried with its id (invariant 2)', async () => {
    const { browser, userId } = await signedIn();
    const body = { id: newMessageId(), message: 'Which topic?' };
    const [first, second] = await Promise.all(
      [body, body].map(async (each) => (await browser.post('/api/chat', each)).json()),
    );
    expect(second).toEqual(first);
    expect(first.userMessage.id).toBe(body.id);
    const sessions = await (await browser.get(`/api/chat?userId=${userId}`)).json();
    expect(sessions).toHaveLength(1);
    expect(await list(browser, first.sessionId)).toHaveLength(2);
    const reused = await browser.post('/api/chat', { ...body, message: 'Another topic?' });
    expect(await failure(reused)).toEqual([409, 'ID_REUSED']);
  });

  it('answers with null where Agent Jay is not a member', async () => {
    const { browser } = await signedIn();
    const id = newSessionId();
    await browser.post('/trpc/session.create', { id, withAgent: false });
    const response = await browser.post('/api/chat', { message: 'Hello', context: { sessionId: id } });
    expect(await response.json()).toMatchObject({ success: true, sessionId: id, aiMessage: null });
  });

  it('says so when the answer failed, and keeps what was asked', async () => {
    const { browser } = await signedIn();
    end = { status: 'failed', error: 'The model is busy. Ask again in a minute.' };
    const response = await browser.post('/api/chat', { message: 'Why?' });
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({
        success: false,
        error: 'The model is busy. Ask again in a minute.',
        reason: 'UNAVAILABLE',
        userMessage: expect.objectContaining({ content: 'Why?' }),
      }),
    ]);
  });

  it("streams the AI SDK's UI messages to whoever asks for an event stream", async () => {
    const { browser } = await signedIn();
    const response = await browser.post('/api/chat', { message: 'What?' }, { accept: 'text/event-stream' });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('x-vercel-ai-ui-message-stream')).toBe('v1');
    const frames = (await response.text()).trim().split('\n\n');
    expect(frames.pop()).toBe('data: [DONE]');
    const parts = frames.map((frame) => JSON.parse(frame.replace(/^data: /, '')));
    expect(parts.map(({ type }) => type)).toEqual([
      'start',
      'data-turn',
      'text-start',
      'text-delta',
      'text-delta',
      'text-end',
      'data-answer',
      'finish',
    ]);
    const text = parts.map(({ delta = '' }) => delta).join('');
    expect(text).toBe('A literature review maps the field.');
    expect(parts[6].data).toMatchObject({ id: parts[0].messageId, content: text });
    expect(parts[1].data.userMessage.content).toBe('What?');
  });

  it('stops nothing when the client hangs up (invariant 17)', async () => {
    const { browser, userId } = await signedIn();
    let begun = () => {};
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let finish = () => {};
    const finishing = new Promise<void>((resolve) => {
      finish = resolve;
    });
    pieces = async function* () {
      begun();
      await finishing;
      yield 'Late, but whole.';
    };
    const hangUp = new AbortController();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const asked = fetch(`${app.url}/api/chat`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Long?' }),
      signal: hangUp.signal,
    });
    await beginning;
    hangUp.abort();
    await expect(asked).rejects.toThrow();
    finish();
    const [session] = await (await browser.get(`/api/chat?userId=${userId}`)).json();
    const messages = await list(browser, session.id);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect(waitedFor).toEqual([{ sessionId: session.id, messageId: messages[1]?.id }]);
  });

  it('refuses what is malformed, and creates nothing for it', async () => {
    const { browser, userId } = await signedIn();
    const stranger = await signedIn();
    const foreign = await (await stranger.browser.post('/api/chat', { message: 'Mine' })).json();
    const tooLong = 'x'.repeat(16_001);
    for (const [body, expected] of [
      [{}, [400, 'INVALID_INPUT']],
      [{ message: '   ' }, [400, 'INVALID_INPUT']],
      [{ message: 7 }, [400, 'INVALID_INPUT']],
      [{ message: 'nul \0' }, [400, 'INVALID_INPUT']],
      [[], [400, 'INVALID_INPUT']],
      [{ message: 'Hi', context: { sessionId: '1' } }, [400, 'INVALID_INPUT']],
      [{ message: 'Hi', context: { projectId: newUserId() } }, [404, 'NOT_FOUND']],
      [{ message: 'Hi', context: { sessionId: newSessionId() } }, [404, 'NOT_FOUND']],
      [{ message: 'Hi', context: { sessionId: foreign.sessionId } }, [404, 'NOT_FOUND']],
      [{ message: tooLong }, [413, 'TOO_LARGE']],
      [{ message: 'Hi', padding: 'x'.repeat(300_000) }, [413, 'TOO_LARGE']],
    ] as const) {
      expect(await failure(await browser.post('/api/chat', body))).toEqual(expected);
    }
    const cross = await browser.post('/api/chat', { message: 'Hi' }, { origin: 'https://evil.example' });
    expect(await failure(cross)).toEqual([403, 'FORBIDDEN']);
    const text = await browser.post('/api/chat', { message: 'Hi' }, { 'content-type': 'text/plain' });
    expect(await failure(text)).toEqual([400, 'INVALID_INPUT']);
    const nobody = await app.browser().post('/api/chat', { message: 'Hi' });
    expect(await failure(nobody)).toEqual([401, 'UNAUTHENTICATED']);
    expect(await (await browser.get(`/api/chat?userId=${userId}`)).json()).toEqual([]);
  });
});

describe('looking with GET', () => {
  it('lists a whole conversation, however long, or a page of it', async () => {
    const { browser } = await signedIn();
    const id = newSessionId();
    await browser.post('/trpc/session.create', { id, withAgent: false });
    const account = await app.auth.accountOf({
      cookie: [...browser.cookies].map((c) => c.join('=')).join('; '),
    });
    if (!account) throw new Error('nobody is signed in');
    const contents = Array.from({ length: 450 }, (_, n) => `note ${n}`);
    for (const content of contents) {
      await sendMessage(world.domain, account, {
        id: newMessageId(),
        sessionId: id,
        content,
        attachmentIds: [],
      });
    }
    const all = await list(browser, id);
    expect(all.map(({ content }) => content)).toEqual(contents);
    const page = await list(browser, id, `&limit=2&before=${all[10]?.seq}`);
    expect(page.map(({ content }) => content)).toEqual(['note 8', 'note 9']);
  });

  it("lists one's own conversations, and another's to staff alone", async () => {
    const { browser, userId } = await signedIn();
    const { sessionId } = await (await browser.post('/api/chat', { message: 'Hello' })).json();
    const own = await (await browser.get(`/api/chat?userId=${userId}`)).json();
    expect(own).toMatchObject([{ id: sessionId, createdBy: userId }]);
    const other = await signedIn();
    for (const whose of [userId, newUserId()]) {
      expect(await failure(await other.browser.get(`/api/chat?userId=${whose}`))).toEqual([403, 'FORBIDDEN']);
    }
    await world.database.prisma.user.update({ where: { id: other.userId }, data: { role: 'consultant' } });
    app.auth.forget({ userId: other.userId });
    expect(await (await other.browser.get(`/api/chat?userId=${userId}`)).json()).toEqual(own);
  });

  it('refuses malformed and foreign ids', async () => {
    const { browser } = await signedIn();
    const stranger = await signedIn();
    const { sessionId } = await (await stranger.browser.post('/api/chat', { message: 'Mine' })).json();
    for (const [query, expected] of [
      ['', [400, 'INVALID_INPUT']],
      ['?sessionId=1', [400, 'INVALID_INPUT']],
      [`?sessionId=${sessionId}&sessionId=${sessionId}`, [400, 'INVALID_INPUT']],
      [`?sessionId=${sessionId.toUpperCase()}`, [400, 'INVALID_INPUT']],
      [`?sessionId=${sessionId}&limit=0`, [400, 'INVALID_INPUT']],
      [`?sessionId=${sessionId}`, [404, 'NOT_FOUND']],
      [`?sessionId=${newSessionId()}`, [404, 'NOT_FOUND']],
      ['?userId=me', [400, 'INVALID_INPUT']],
    ] as const) {
      expect([query, await failure(await browser.get(`/api/chat${query}`))]).toEqual([query, expected]);
    }
    expect(await failure(await app.browser().get(`/api/chat?sessionId=${sessionId}`))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
  });
});
