import { setTimeout as delay } from 'node:timers/promises';
import { createTrpc } from '../../app/trpc/client.ts';
import { newSessionId, type SessionId } from '../../protocol/ids.ts';
import { MessagePage } from '../../protocol/procedures.ts';
import { calm, type Weather } from './chaos-proxy.ts';
import { check, type Findings, type Seen, type Write } from './checker.ts';
import { callsOf, Device, newPerson, type Person } from './device.ts';
import { createRandom, type Random } from './random.ts';

export interface Outcome {
  seed: number;
  findings: Findings;
  writes: number;
  /** What the network and the hands did, in words. */
  story: string[];
}

export interface ScheduleOptions {
  /** Where the server is now; it may move when it is killed. */
  serverUrl(): string;
  /** Kills and restarts the server; absent: it is never killed. */
  killServer?(): Promise<void>;
  steps?: number;
}

const HEAL_MS = 60_000;

/** One seeded schedule: people write while everything fails; then the world heals, and everyone must hold the same. */
export async function runSchedule(seed: number, options: ScheduleOptions): Promise<Outcome> {
  const random = createRandom(seed);
  const story: string[] = [];
  const people = await Promise.all(
    Array.from({ length: random.between(2, 3) }, () => persist(() => newPerson(options.serverUrl()))),
  );
  const [owner, ...others] = people;
  if (!owner) throw new Error('There is always somebody');
  const sessions = await Promise.all(
    Array.from({ length: random.between(1, 2) }, () =>
      persist(() => newConversation(owner, others, options)),
    ),
  );
  const devices: Device[] = [];
  for (const [index, person] of people.entries()) {
    for (let n = random.between(1, 2); n > 0; n -= 1) {
      devices.push(
        await Device.start(`p${index}d${n}`, person, options.serverUrl(), random.fork(`proxy ${index} ${n}`)),
      );
    }
  }
  const writes: Write[] = [];
  try {
    // Everyone has looked at the conversations once: what follows is written into copies that know them.
    await untilSettled(owner, devices, sessions, writes, options, story);
    for (let step = options.steps ?? random.between(20, 45); step > 0; step -= 1) {
      await takeStep(random, devices, sessions, writes, story, options, seed);
    }
    story.push('the world heals');
    for (const device of devices) {
      device.proxy.weather = calm;
      device.proxy.retarget(options.serverUrl());
      device.proxy.cut();
      if (device.isClosed) await device.open();
      device.client.reconnectNow();
      await device.client.outbox.retryAll();
      device.client.outbox.resume();
    }
    const server = await untilSettled(owner, devices, sessions, writes, options, story);
    const copies: Seen[] = [];
    for (const device of devices) {
      for (const sessionId of sessions)
        copies.push({ where: device.name, sessionId, bodies: await device.bodies(sessionId) });
    }
    return {
      seed,
      findings: check(writes, server, copies),
      writes: writes.length,
      story: [...story, ...deedsOf(devices)],
    };
  } finally {
    await Promise.all(devices.map((device) => device.stop()));
  }
}

async function takeStep(
  random: Random,
  devices: readonly Device[],
  sessions: readonly SessionId[],
  writes: Write[],
  story: string[],
  options: ScheduleOptions,
  seed: number,
): Promise<void> {
  const device = random.pick(devices as [Device, ...Device[]]);
  const sessionId = random.pick(sessions as [SessionId, ...SessionId[]]);
  const dice = random.next();
  if (dice < 0.6) {
    if (device.isClosed) await device.open();
    // It can only write where its copy has the conversation already, as on a screen.
    if (!(await device.client.db.getSession(sessionId))) return;
    const body = `${seed}/${writes.length} by ${device.name}`;
    // Stored on the device is a promise: it must end on the server once.
    writes.push({ device: device.name, sessionId, body, outcome: 'acknowledged' });
    await device.write(sessionId, body);
  } else if (dice < 0.8) {
    device.proxy.weather = randomWeather(random);
    story.push(`${device.name}: the weather changes`);
  } else if (dice < 0.88) {
    device.proxy.cut();
    story.push(`${device.name}: every connection is reset`);
  } else if (dice < 0.96) {
    story.push(`${device.name}: the tab is killed`);
    await device.kill();
  } else if (options.killServer) {
    story.push('the server is killed');
    await options.killServer();
    for (const one of devices) one.proxy.retarget(options.serverUrl());
  }
  await delay(random.between(0, 25));
}

/** The checker's own calls are not part of the experiment: they wait while the server is being restarted. */
async function persist<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries > 400) throw error;
      await delay(50);
    }
  }
}

function randomWeather(random: Random): Weather {
  if (random.chance(0.25)) return calm;
  const some = (most: number) => (random.chance(0.4) ? random.next() * most : 0);
  return {
    dropRequest: some(0.4),
    dropResponse: some(0.5),
    truncate: some(0.3),
    duplicate: some(0.5),
    overtake: some(0.4),
    cutStream: some(0.8),
    stallStream: some(0.3),
    impostor: some(0.5),
    latencyMs: random.chance(0.3) ? random.between(1, 60) : 0,
    dribble: some(0.5),
    hang: some(0.25),
    bytesPerSecond: random.chance(0.15) ? 6_250 : 0,
  };
}

async function newConversation(
  owner: Person,
  others: readonly Person[],
  options: ScheduleOptions,
): Promise<SessionId> {
  const id = newSessionId();
  const trpc = createTrpc(callsOf(options.serverUrl(), owner.cookie));
  await trpc.session.create.mutate({ id, memberIds: others.map((other) => other.me.id), withAgent: false });
  return id;
}

/** Waits until every outbox is empty and every copy is as new as the server's; says what is stuck if that never comes. */
async function untilSettled(
  owner: Person,
  devices: readonly Device[],
  sessions: readonly SessionId[],
  writes: readonly Write[],
  options: ScheduleOptions,
  story: readonly string[],
): Promise<Seen[]> {
  const deadline = Date.now() + HEAL_MS;
  let rounds = 0;
  for (;;) {
    const server = await Promise.all(
      sessions.map((sessionId) => persist(() => readServer(owner, sessionId, options))),
    );
    const lastSeq = new Map(server.map((seen) => [seen.sessionId, seen.lastSeq]));
    const states = await Promise.all(devices.map((device) => device.settled(lastSeq)));
    const held = server.reduce((sum, seen) => sum + seen.bodies.length, 0);
    if (states.every(Boolean) && held >= writes.length) return server;
    if (Date.now() > deadline) {
      const stuck = devices
        .filter((_, index) => !states[index])
        .map((device) => `${device.name} (${device.client.connection.get().kind})`);
      throw new Error(
        `Not settled: ${stuck.join(', ') || 'nobody'}; ${held} of ${writes.length} on the server\n${story.join('\n')}`,
      );
    }
    rounds += 1;
    // Somebody taps "try now": pauses between tries grow to half a minute, which no test wants to sit through.
    if (rounds % 60 === 0)
      for (const device of devices)
        if (device.client.connection.get().kind === 'waiting') device.client.reconnectNow();
    await delay(30);
  }
}

async function readServer(
  owner: Person,
  sessionId: SessionId,
  options: ScheduleOptions,
): Promise<Seen & { sessionId: SessionId; lastSeq: number }> {
  const trpc = createTrpc(callsOf(options.serverUrl(), owner.cookie));
  const { lastSeq } = await trpc.session.get.query({ sessionId });
  const bodies: string[] = [];
  let before: number | undefined;
  for (;;) {
    const page = MessagePage.parse(await trpc.message.list.query({ sessionId, limit: 200, before }));
    bodies.unshift(...page.messages.map((message) => message.content));
    before = page.messages[0]?.seq;
    if (!page.hasMore) return { where: 'server', sessionId, bodies, lastSeq };
  }
}

function deedsOf(devices: readonly Device[]): string[] {
  return devices.map(
    (device) =>
      `${device.name}: ${[...device.proxy.deeds].map(([deed, n]) => `${deed} ×${n}`).join(', ') || 'calm'}`,
  );
}
