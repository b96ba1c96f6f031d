import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AGENT_ID,
  type MessageId,
  newMessageId,
  newSessionId,
  newUserId,
  type SessionId,
  type UserId,
} from '../../protocol/ids.ts';
import { createLedger } from '../../server/agent/ledger.ts';
import type { Account } from '../../server/domain/account.ts';
import { createSession } from '../../server/domain/create-session.ts';
import type { DomainDeps } from '../../server/domain/deps.ts';
import { sessionsOf } from '../../server/domain/people.ts';
import { hiddenPeople } from '../../server/domain/privacy.ts';
import { createQueue } from '../../server/files/one-at-a-time.ts';
import { UploadFiles } from '../../server/files/upload-files.ts';
import { Log } from '../../server/log/log.ts';
import { createLogReader } from '../../server/log/log-reader.ts';
import type { Bus } from '../../server/realtime/bus/bus.ts';
import { MemoryBusNetwork } from '../../server/realtime/bus/memory-bus.ts';
import { Cluster } from '../../server/realtime/cluster.ts';
import { Hub } from '../../server/realtime/hub.ts';
import { PresenceBoard } from '../../server/realtime/presence.ts';
import { tellPresence } from '../../server/realtime/presence-news.ts';
import { SharedDeviceStates } from '../../server/realtime/shared-device-states.ts';
import { EventSubscription } from '../../server/realtime/subscription.ts';
import { Typing } from '../../server/realtime/typing.ts';
import type { Database } from '../../server/store/database.ts';
import { createPresenceStore } from '../../server/store/presence-store.ts';
import { createAppRouter } from '../../server/trpc/router.ts';
import type { Services } from '../../server/trpc/services.ts';
import { createTestDatabase, openTestDatabase } from './database.ts';

type Caller = ReturnType<ReturnType<typeof createAppRouter>['createCaller']>;

/** The server's heart on a real database, without HTTP: log, hub, domain and router as the product composes them. */
export interface World {
  database: Database;
  log: Log;
  hub: Hub;
  cluster: Cluster;
  domain: DomainDeps;
  services: Services;
  router: ReturnType<typeof createAppRouter>;
  /** Unexpected errors that the server would have logged. */
  errors: unknown[];
  /** Answers that other nodes were asked to stop. */
  stopsAsked: string[];
  person(name?: string): Promise<Account>;
  /** What this account can call. */
  as(account: Account): Caller;
  conversation(owner: Account, others?: Account[], withAgent?: boolean): Promise<SessionId>;
  say(
    who: Account,
    sessionId: SessionId,
    content: string,
    id?: MessageId,
  ): ReturnType<Caller['message']['send']>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** The same database, as another node's. */
  databaseUrl?: string;
  /** How this node hears of others; alone unless given. */
  bus?: Bus;
  nodeId?: string;
  pollMs?: number;
  /** Told when this node finds that its database went back to an earlier state. */
  onWentBack?(): void;
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { nodeId = 'one', bus = new MemoryBusNetwork().join(), pollMs = 100 } = options;
  const { database, drop } = await (options.databaseUrl
    ? openTestDatabase(options.databaseUrl)
    : createTestDatabase());
  const errors: unknown[] = [];
  const logReader = createLogReader(database);
  const hub = new Hub({
    ...(await logReader.head()),
    log: logReader,
    onError: (error) => errors.push(error),
    pollMs,
    isAlone: options.bus === undefined,
    ...(options.onWentBack ? { onWentBack: options.onWentBack } : {}),
  });
  const devices = new SharedDeviceStates({
    nodeId,
    publish: (changes) => bus.publish({ kind: 'devices', nodeId, changes }),
    onSilence: (userId, seenAt) => presence.changedElsewhere(userId, seenAt),
    onChangedElsewhere: (userId, seenAt) => presence.changedElsewhere(userId, seenAt),
  });
  const stopsAsked: string[] = [];
  const cluster = new Cluster(hub, bus, devices, {
    stopAsked: (messageId) => void stopsAsked.push(messageId),
    closed: () => {},
    typing: (sessionId, userId, isTyping) => typing.heard(sessionId, userId, isTyping),
    presenceTold: (news) => presence.toldElsewhere(news),
  });
  const log = new Log(
    database,
    (entries) => {
      cluster.committed(entries);
      presence.follow(entries);
    },
    () => {},
  );
  const dataDir = mkdtempSync(join(tmpdir(), 'jstar-world-'));
  const domain: DomainDeps = {
    database,
    log,
    uploads: new UploadFiles(join(dataDir, 'uploads')),
    fileQueue: createQueue(),
    publicUrl: 'http://chat.test',
    mentionsAgent: (content) => content.includes('@jay'),
  };
  const presence = new PresenceBoard({
    tell: (news) => cluster.tellPresence(news),
    tellHere: (news) => tellPresence(hub, news),
    devices,
    store: createPresenceStore(database),
    people: {
      sessionsOf: (userId) => sessionsOf(domain, userId),
      hidden: (userIds) => hiddenPeople(domain, userIds),
    },
    onError: (error) => errors.push(error),
    leaveAfterMs: 50,
  });
  const typing = new Typing(cluster);
  const services: Services = {
    domain,
    hub,
    subscribe: (subscriber, cursor, held) => new EventSubscription(hub, logReader, subscriber, cursor, held),
    typing,
    onUnavailable: () => {},
    presence,
    agent: {
      info: { provider: 'test', model: 'test', label: 'test' },
      stop: async () => 'done',
      suggestions: async () => ['One', 'Two', 'Three'],
      usage: (userId) => createLedger(database, null).today(userId),
    },
    limiter: { consume: async () => {} },
    onAccountDeleted: (userId) => cluster.closeStreams({ userId }),
    onError: (error) => errors.push(error),
  };
  const router = createAppRouter(services);
  const as = (account: Account) =>
    router.createCaller({
      account: { ...account, expiresAt: new Date(Date.now() + 3_600_000) },
      requestId: 'test',
      ip: '127.0.0.1',
    });
  await bus.open();
  return {
    database,
    log,
    hub,
    cluster,
    domain,
    services,
    router,
    errors,
    stopsAsked,
    async person(name = 'Ada') {
      const userId = newUserId();
      await database.prisma.user.create({ data: { id: userId, name, email: `${userId}@example.test` } });
      return { userId, authSessionId: newUserId(), isGuest: false, role: 'student' };
    },
    as,
    say: (who, sessionId, content, id = newMessageId()) => as(who).message.send({ id, sessionId, content }),
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
      cluster.close();
      await bus.close();
      hub.close();
      await drop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

export const agent = AGENT_ID as UserId; // his id is one by definition
