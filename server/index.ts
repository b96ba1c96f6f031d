import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { v7 } from 'uuid';
import { mentionsAgent } from './agent/addressed.ts';
import { createSuggestionReader } from './agent/after-answer.ts';
import { createAgent } from './agent/agent.ts';
import { atMostEvery } from './at-most-every.ts';
import { loadAuthSecret, prepareDataDir, secretMark } from './data-dir.ts';
import type { DomainDeps } from './domain/deps.ts';
import { announceUpgrade } from './domain/me.ts';
import { sessionsOf } from './domain/people.ts';
import { readPicture } from './domain/pictures.ts';
import { hiddenPeople } from './domain/privacy.ts';
import { imagesOf } from './domain/read-attachment.ts';
import { countStrangeFiles, sweepAttachments } from './domain/sweep-attachments.ts';
import { type Env, loadEnv } from './env.ts';
import { createFailpoints } from './failpoints.ts';
import { createQueue } from './files/one-at-a-time.ts';
import { UploadFiles } from './files/upload-files.ts';
import { createHttpApp } from './http/app.ts';
import { createAttachmentDomain } from './http/attachment-domain.ts';
import { createAuth } from './http/auth.ts';
import { answerClientErrors, HEADER_BYTES } from './http/client-errors.ts';
import { builtClient, developmentClient } from './http/client-source.ts';
import { createExportDomain } from './http/export-domain.ts';
import { retryAfterSeconds } from './http/failures.ts';
import { trustedOrigins } from './http/origin-guard.ts';
import { createPages } from './http/pages.ts';
import { createPlainChatDomain } from './http/plain-chat-domain.ts';
import { createLimits } from './http/rate-limits.ts';
import { createRequestContext } from './http/request-context.ts';
import { readVersion } from './http/version.ts';
import { listen } from './listen.ts';
import { Log } from './log/log.ts';
import { createLogReader } from './log/log-reader.ts';
import { loggableError } from './loggable-error.ts';
import { createMetrics } from './metrics/metrics.ts';
import { MemoryBusNetwork } from './realtime/bus/memory-bus.ts';
import { createRedisBus } from './realtime/bus/redis-bus.ts';
import { Cluster } from './realtime/cluster.ts';
import { DeliveryTries } from './realtime/delivery-tries.ts';
import { Hub } from './realtime/hub.ts';
import { PresenceBoard } from './realtime/presence.ts';
import { tellPresence } from './realtime/presence-news.ts';
import { SharedDeviceStates } from './realtime/shared-device-states.ts';
import { createSseMount } from './realtime/sse-mount.ts';
import { closeEndedStreams } from './realtime/stream-sweep.ts';
import { EventSubscription } from './realtime/subscription.ts';
import { Typing } from './realtime/typing.ts';
import { connectRedis } from './redis.ts';
import { StartError } from './start-error.ts';
import { openDatabase } from './store/database.ts';
import { countTries } from './store/delivery-sql.ts';
import { leaveEpoch } from './store/epoch.ts';
import { livingAuthSessions } from './store/living-auth-sessions.ts';
import { registerNode } from './store/node-registry.ts';
import { createPresenceStore } from './store/presence-store.ts';
import { createAppRouter } from './trpc/router.ts';
import type { Services } from './trpc/services.ts';

/** A database that is away refuses everyone at once. */
const REFUSALS_EVERY_MS = 10_000;
/** Whoever runs this counts on 10 s, the end of the process included. */
const SHUTDOWN_MS = 9_000;
/** Balancers ask /readyz every second: meanwhile this node says that it goes, and sends nobody away unheard. */
const NOTICE_MS = 2_000;
const SWEEP_MS = 4_000;
/** Until the next sweep has read them again. */
const RENEWED_MS = 5_000;
const SWEEP_FILES_MS = 3_600_000;
const READY_WITHIN_MS = 2_000;

/** Puts the rooms together: the only place where they meet, and the only one that reads the environment. */
async function start(env: Env): Promise<void> {
  const isDevelopment = process.env.NODE_ENV === 'development';
  const logger = pino({ level: env.logLevel, serializers: { err: loggableError } });
  const onError = (error: unknown, where: object = {}) =>
    logger.error({ err: error, ...where }, 'unexpected');
  prepareDataDir(env.dataDir);
  // First, so that a wrong address leaves the database as it is.
  const redis = env.redisUrl === null ? null : await connectRedis(env.redisUrl, logger);
  const onProgress = (step: string) => console.log(`… ${step}`);
  const database = await openDatabase({
    url: env.databaseUrl,
    dataDir: env.dataDir,
    onProgress,
    onConnectionLost: (error) => logger.warn({ err: error }, 'a connection to the database was lost'),
  });

  const stopAtOnce = (why: string) => {
    // Asked again while this node stops: a second signal would cut that short.
    if (process.exitCode) return;
    logger.fatal(why);
    process.exitCode = 1;
    // Without notice: nothing may be read from this database.
    process.kill(process.pid, 'SIGINT');
  };
  const nodeId = v7();
  const version = readVersion();
  const secret = env.authSecret ?? loadAuthSecret(env.dataDir);
  const registration = await registerNode(
    database.pool,
    {
      id: nodeId,
      release: `${version.version}+${version.commit.slice(0, 12)}`,
      schema: database.schema,
      secretMark: secretMark(secret),
    },
    { onError, onOutdated: (why) => stopAtOnce(why) },
  );
  if (registration.others.length > 0 && redis === null)
    logger.warn('another node uses this database, and REDIS_URL is not set: they hear each other late');
  const logReader = createLogReader(database);
  const head = await logReader.head();
  const onReplaced = () =>
    stopAtOnce(
      'another database stands where ours was, such as a restored one: stopping, to be started anew',
    );
  const onWentBack = async () => {
    await leaveEpoch(database.pool, head.epoch);
    logger.fatal('the database lacks what it held a moment ago, as after a failover: devices read it anew');
    onReplaced();
  };
  const pass = createFailpoints(env.failpoints);
  const metrics = createMetrics();
  const hub = new Hub({
    ...head,
    log: logReader,
    isAlone: redis === null,
    onReplaced,
    onWentBack,
    onError,
    observer: {
      ...metrics.hub,
      replayed: () => pass('mid-replay'),
      answerExtended: () => pass('mid-answer'),
    },
  });
  const bus = redis
    ? createRedisBus({ ...redis, nodeId, epoch: head.epoch, onError })
    : new MemoryBusNetwork().join();
  const devices = new SharedDeviceStates({
    nodeId,
    publish: (changes) => bus.publish({ kind: 'devices', nodeId, changes }),
    onSilence: (userId, seenAt) => presence.changedElsewhere(userId, seenAt),
    onChangedElsewhere: (userId, seenAt) => presence.changedElsewhere(userId, seenAt),
  });
  const cluster = new Cluster(hub, bus, devices, {
    stopAsked: (messageId) => runner.stopAsked(messageId),
    closed: (which) => auth.forget(which),
    typing: (sessionId, userId, isTyping) => typing.heard(sessionId, userId, isTyping),
    presenceTold: (news) => presence.toldElsewhere(news),
  });
  const log = new Log(
    database,
    (entries) => {
      cluster.committed(entries);
      presence.follow(entries);
      metrics.committed(entries);
    },
    () => runner.wake(),
    {
      ...metrics.log,
      committing: () => pass('before-commit'),
      committed: () => pass('before-fan-out'),
      published: () => pass('before-acknowledgement'),
    },
  );
  metrics.follow({ hub, log });
  const { provider, ledger, runner } = createAgent({
    services: [env.openai, env.fallback].filter((service) => service !== null),
    tokensPerDay: env.tokensPerDay,
    database,
    log,
    hub: cluster,
    picturesOf: async (id) => (await imagesOf({ database, uploads }, [id])).get(id) ?? [],
    nodeId,
    logger,
    onError,
  });

  const uploads = new UploadFiles(join(env.dataDir, 'uploads'));
  const domain: DomainDeps = {
    database,
    log,
    publicUrl: env.publicUrl,
    uploads,
    fileQueue: createQueue(),
    mentionsAgent,
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
    onError,
  });
  const tries = new DeliveryTries({
    count: (people) => countTries(database.pool, people),
    isConnected: (userId) => hub.isConnected(userId),
    onError,
  });
  const typing = new Typing(cluster);
  const limits = createLimits({ enabled: env.rateLimits, redis: redis?.publisher ?? null });
  const subscribe: Services['subscribe'] = (subscriber, cursor, held) =>
    new EventSubscription(hub, logReader, subscriber, cursor, held);
  const router = createAppRouter({
    domain,
    hub,
    typing,
    presence,
    subscribe,
    onUnavailable: atMostEvery(REFUSALS_EVERY_MS, (error: unknown) =>
      logger.warn({ err: error }, 'the database does not do as asked'),
    ),
    onAccountDeleted(userId) {
      auth.forget({ userId });
      cluster.closeStreams({ userId });
    },
    onError,
    limiter: limits,
    agent: {
      info: provider.info,
      stop: (messageId) => {
        cluster.stopAnswer(messageId);
        return runner.stop(messageId);
      },
      suggestions: createSuggestionReader(database),
      usage: ledger.today,
    },
  });

  const auth = createAuth({
    prisma: database.prisma,
    publicUrl: env.publicUrl,
    trustedOrigins: trustedOrigins(env),
    secret,
    log: logger,
  });
  auth.onAuthSessionEnded(({ authSessionId }) => cluster.closeStreams({ authSessionId }));
  auth.onGuestUpgraded(async (userId) => void (await announceUpgrade(domain, userId)));
  const sweep = setInterval(() => {
    closeEndedStreams(hub, auth, (ids) => livingAuthSessions(database, ids)).then(
      (living) => auth.renew(living, RENEWED_MS),
      onError,
    );
  }, SWEEP_MS);
  const sweepFiles = setInterval(() => void sweepAttachments(domain).catch(onError), SWEEP_FILES_MS);
  countStrangeFiles(domain).then((files) => {
    if (files === 0) return;
    logger.warn(
      { files },
      'DATA_DIR/uploads holds files that the database knows nothing of: DATABASE_URL or DATA_DIR may be those of another ' +
        'installation, or the database is older than the files; they are left as they are',
    );
  }, onError);

  const server = createServer({ maxHeaderSize: HEADER_BYTES });
  answerClientErrors(server);
  const source = isDevelopment ? await developmentClient(server) : await builtClient();
  let isDraining = false;
  const createContext = createRequestContext(auth);
  const app = createHttpApp({
    publicUrl: env.publicUrl,
    host: env.host,
    port: env.port,
    metricsToken: env.metricsToken,
    version,
    log: logger,
    metrics: metrics.registry,
    auth,
    limits,
    router,
    createContext,
    eventStream: createSseMount({
      router,
      createContext,
      onOpen: ({ account }) => {
        if (!account) return;
        presence.connected(account.userId, account.authSessionId);
        tries.streamOpened(account.userId);
      },
      onClose: ({ account }) => {
        if (!account) return;
        presence.disconnected(account.userId, account.authSessionId);
        tries.streamClosed(account.userId);
      },
      onError: (error) => onError(error),
      retryAfter: retryAfterSeconds,
    }),
    plainChat: createPlainChatDomain({ domain, listen: (subscriber) => subscribe(subscriber, null) }),
    attachments: createAttachmentDomain(domain),
    exports: createExportDomain(domain),
    readPicture: (account, id) => readPicture(domain, account, id),
    busComplaint: () => bus.complaint(),
    readiness: async () => {
      const late = pause(READY_WITHIN_MS, 'The database does not answer.', { ref: false });
      return Promise.race([late, logReader.head().then(() => null)]);
    },
    isDraining: () => isDraining,
    client: source.client,
    pages: createPages({
      build: source.build,
      mode: isDevelopment ? 'development' : 'production',
      auth,
      publicUrl: env.publicUrl,
    }),
  });

  await bus.open();
  server.on('request', app);
  await listen(server, env).catch(async (error: unknown) => {
    // Nobody is to wait for a node that never was.
    await registration.leave();
    throw error;
  });
  runner.start();
  console.log(
    [
      '',
      `J Star Chat is open at ${env.publicUrl}`,
      `  database   ${database.description}`,
      `  Agent Jay  ${provider.info.label}`,
      `  nodes      ${redis === null ? 'one' : `several, over ${redis.description}`}`,
      '',
    ].join('\n'),
  );

  closeWithGrace({ delay: SHUTDOWN_MS, logger: false }, async ({ err, signal }) => {
    if (err) logger.fatal({ err }, 'stopping after an error that nobody caught');
    isDraining = true;
    clearInterval(sweep);
    clearInterval(sweepFiles);
    // At a terminal, and after an error, there is nobody to be given notice.
    const notice = signal === 'SIGTERM' && !isDevelopment ? pause(NOTICE_MS) : null;
    if (notice === null) server.close();
    await Promise.all([notice, runner.close()]);
    server.close();
    await log.close();
    typing.close();
    presence.close();
    cluster.close();
    await tries.close();
    // Streams end without a word: their clients come back with their cursors.
    hub.close();
    server.closeAllConnections();
    await source.close();
    await bus.close();
    await registration.leave();
    redis?.close();
    await database.close();
    // A supervisor that restarts after failures only must see one.
    if (process.exitCode) process.exit();
  });
}

try {
  await start(loadEnv());
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  // What was opened on the way (the database) ends with this process.
  process.exit(1);
}
