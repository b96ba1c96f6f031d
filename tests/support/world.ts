import { AGENT_ID, newSessionId, newUserId, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { createSession } from '../../server/domain/create-session.ts';
import type { DomainDeps } from '../../server/domain/deps.ts';
import { sessionsOf } from '../../server/domain/people.ts';
import { hiddenPeople } from '../../server/domain/privacy.ts';
import { Log } from '../../server/log/log.ts';
import { createLogReader } from '../../server/log/log-reader.ts';
import { createDeviceStates } from '../../server/realtime/device-states.ts';
import { Hub } from '../../server/realtime/hub.ts';
import { PresenceBoard } from '../../server/realtime/presence.ts';
import { EventSubscription } from '../../server/realtime/subscription.ts';
import { Typing } from '../../server/realtime/typing.ts';
import type { Database } from '../../server/store/database.ts';
import { createPresenceStore } from '../../server/store/presence-store.ts';
import { createAppRouter } from '../../server/trpc/router.ts';
import type { Services } from '../../server/trpc/services.ts';
import { createTestDatabase } from './database.ts';

/** The server's heart on a real database, without HTTP: log, hub, domain and router as the product composes them. */
export interface World {
  database: Database;
  log: Log;
  hub: Hub;
  domain: DomainDeps;
  services: Services;
  router: ReturnType<typeof createAppRouter>;
  /** Unexpected errors that the server would have logged. */
  errors: unknown[];
  person(name?: string): Promise<Account>;
  /** What this account can call. */
  as(account: Account): ReturnType<ReturnType<typeof createAppRouter>['createCaller']>;
  conversation(owner: Account, others?: Account[], withAgent?: boolean): Promise<SessionId>;
  close(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const { database, drop } = await createTestDatabase();
  const errors: unknown[] = [];
  const logReader = createLogReader(database);
  const hub = new Hub({
    ...(await logReader.head()),
    log: logReader,
    onError: (error) => errors.push(error),
    pollMs: 100,
  });
  const log = new Log(
    database,
    (entries) => {
      hub.publish(entries);
      presence.follow(entries);
    },
    () => {},
  );
  const domain: DomainDeps = {
    database,
    log,
    publicUrl: 'http://chat.test',
    mentionsAgent: (content) => content.includes('@jay'),
  };
  const presence = new PresenceBoard({
    hub,
    devices: createDeviceStates(),
    store: createPresenceStore(database),
    people: {
      sessionsOf: (userId) => sessionsOf(domain, userId),
      hidden: (userIds) => hiddenPeople(domain, userIds),
    },
    onError: (error) => errors.push(error),
    leaveAfterMs: 50,
  });
  const typing = new Typing(hub);
  const services: Services = {
    domain,
    hub,
    subscribe: (subscriber, cursor) => new EventSubscription(hub, logReader, subscriber, cursor),
    typing,
    presence,
    agent: {
      info: { provider: 'test', model: 'test', label: 'test' },
      stop: async () => 'done',
      suggestions: async () => ['One', 'Two', 'Three'],
    },
    limiter: { consume: async () => {} },
    onError: (error) => errors.push(error),
  };
  const router = createAppRouter(services);
  return {
    database,
    log,
    hub,
    domain,
    services,
    router,
    errors,
    async person(name = 'Ada') {
      const userId = newUserId();
      await database.prisma.user.create({ data: { id: userId, name, email: `${userId}@example.test` } });
      return { userId, authSessionId: newUserId(), isGuest: false, role: 'student' };
    },
    as: (account) =>
      router.createCaller({
        account: { ...account, expiresAt: new Date(Date.now() + 3_600_000) },
        requestId: 'test',
        ip: '127.0.0.1',
      }),
    async conversation(owner, others = [], withAgent = false) {
      const id = newSessionId();
      await createSession(domain, owner, {
        id,
        sessionType: 'general',
        memberIds: others.map((other) => other.userId),
        withAgent,
        maxParticipants: 10,
      });
      return id;
    },
    async close() {
      await log.close();
      typing.close();
      presence.close();
      hub.close();
      await drop();
    },
  };
}

export const agent = AGENT_ID as UserId; // his id is one by definition
