import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { newSessionId, type SessionId } from '../../protocol/ids.ts';
import { withClient } from '../support/with-client.ts';
import { calm } from './chaos-proxy.ts';
import { check } from './checker.ts';
import { differencesOf, isIdle, mendedBy, nothingSeen, type ServerView, viewOf } from './copies.ts';
import { Device } from './device.ts';
import type { Scene } from './hands.ts';
import type { Deed, Findings } from './ledger.ts';
import { act } from './operations.ts';
import { newMember, newPerson, type Person, signInAgain, truthOf } from './person.ts';
import { createRandom, type Random } from './random.ts';
import type { Served } from './served.ts';
import { isUnended, readTruth, type Truth, whatTheDatabaseDoes } from './truth.ts';
import { randomWeather } from './weather.ts';

export interface Outcome {
  seed: number;
  findings: Findings;
  deeds: readonly Deed[];
  /** What the network and the hands did, in words. */
  story: string[];
  faults: ReadonlyMap<string, number>;
}

const HEAL_MS = 60_000;

/** One seeded schedule: people act while everything fails; then the world heals, and everyone must hold the same. */
export async function runSchedule(seed: number, served: Served, steps?: number): Promise<Outcome> {
  return new Schedule(seed, served).run(steps);
}

class Schedule {
  readonly #random: Random;
  readonly #story: string[] = [];
  readonly #faults = new Map<string, number>();
  readonly #deeds: Deed[] = [];
  readonly #devices: Device[] = [];
  #people: Person[] = [];

  constructor(
    private readonly seed: number,
    private readonly served: Served,
  ) {
    this.#random = createRandom(seed);
  }

  async run(steps?: number): Promise<Outcome> {
    const random = this.#random;
    try {
      await this.#begin();
      for (let step = steps ?? random.between(25, 50); step > 0; step -= 1)
        await this.#step(random.fork(`step ${step}`));
      await this.#heal();
      const findings = await this.#judge();
      return {
        seed: this.seed,
        findings,
        deeds: this.#deeds,
        story: this.#wholeStory(),
        faults: this.#allFaults(),
      };
    } catch (error) {
      throw new Error(`seed ${this.seed}: ${String(error)}\n${this.#wholeStory().join('\n')}`, {
        cause: error,
      });
    } finally {
      await Promise.all(this.#devices.map((device) => device.stop()));
    }
  }

  /** Everyone has looked at the conversations once: what follows is written into copies that know them. */
  async #begin(): Promise<void> {
    const { url } = this.served;
    const random = this.#random.fork('people');
    const signUp = random.chance(0.25);
    for (let n = random.between(2, 3); n > 0; n -= 1)
      this.#people.push(await persist(() => (signUp ? newMember(url, `Person ${n}`) : newPerson(url))));
    const [owner] = this.#people;
    if (!owner) throw new Error('There is always somebody');
    for (let n = random.between(1, 2); n > 0; n -= 1) {
      const withAgent = random.chance(0.3);
      const id = newSessionId();
      await persist(() => this.#newConversation(owner, id, withAgent));
    }
    for (const [index, person] of this.#people.entries()) {
      for (let n = random.between(1, 2); n > 0; n -= 1) {
        const name = `p${index}d${n}`;
        this.#devices.push(await Device.start(name, person, url, random.fork(`proxy ${name}`)));
      }
    }
    await this.#untilEqual();
  }

  #newConversation(owner: Person, id: SessionId, withAgent: boolean) {
    const memberIds = this.#people.map((person) => person.me.id);
    return truthOf(this.served.url, owner).session.create.mutate({ id, memberIds, withAgent });
  }

  async #step(random: Random): Promise<void> {
    const device = random.pick(this.#devices as [Device, ...Device[]]);
    const dice = random.next();
    if (dice < 0.66) {
      if (device.isClosed) await device.open();
      await act(this.#scene(random), device);
    } else if (dice < 0.82) {
      const { name, weather } = randomWeather(random);
      device.proxy.weather = weather;
      this.#note(`weather: ${name}`, device);
    } else if (dice < 0.87) {
      device.proxy.cut();
      this.#note('every connection is reset', device);
    } else if (dice < 0.91) {
      if (device.tabs.length > 0) await device.killTab(random.between(0, device.tabs.length - 1));
      this.#note('a tab is killed', device);
    } else if (dice < 0.93) {
      await device.open();
      this.#note('a tab is opened', device);
    } else if (dice < 0.94) await this.#forget(device);
    else if (dice < 0.955) await this.#endAuthSession(device);
    else await this.#hurtServer(random);
    await delay(random.between(0, 25));
  }

  #scene(random: Random): Scene {
    return { random, seed: this.seed, people: this.#people, deeds: this.#deeds };
  }

  /** Whatever had not left the device may never have happened, and may have. */
  async #forget(device: Device): Promise<void> {
    if (device.isClosed) await device.open();
    const waiting = new Set((await device.client.db.listOutbox()).map((entry) => entry.mutationId as string));
    for (const deed of this.#deeds)
      if (deed.device === device.name && waiting.has(deed.mutationId)) deed.outcome = 'unknown';
    await device.forget();
    this.#note('its database is deleted', device);
  }

  /** As an administrator does, or the end of ninety days: the cookie is worth nothing any more. */
  async #endAuthSession({ person }: Device): Promise<void> {
    if (!person.login) return;
    await withClient(this.served.databaseUrl, (client) =>
      client.query('DELETE FROM "AuthSession" WHERE "userId" = $1', [person.me.id]),
    );
    this.#note(`the auth sessions of ${person.me.name} are deleted`);
  }

  async #hurtServer(random: Random): Promise<void> {
    const { own } = this.served;
    if (!own) return;
    if (random.chance(0.5)) {
      const ms = random.between(200, 1_500);
      await own.pause(ms);
      this.#note(`the server stands still`);
    } else {
      await own.kill();
      this.#note('the server is killed');
    }
  }

  async #heal(): Promise<void> {
    this.#story.push('the world heals');
    for (const person of this.#people)
      if (person.login) await persist(() => signInAgain(this.served.url, person));
    for (const device of this.#devices) {
      device.proxy.weather = calm;
      device.proxy.cut();
      if (device.isClosed) await device.open();
      for (const tab of device.tabs) {
        tab.reconnectNow();
        tab.outbox.resume();
      }
    }
  }

  async #judge(): Promise<Findings> {
    const stale = await this.#untilEqual();
    for (const device of this.#devices) {
      const held = new Map(
        (await device.client.db.listOutbox()).map((entry) => [entry.mutationId as string, entry]),
      );
      for (const deed of this.#deeds) {
        const entry = deed.device === device.name ? held.get(deed.mutationId) : undefined;
        if (!entry) continue;
        // What still waits is reported as a device that is not idle; whether it has arrived, nobody knows.
        deed.outcome = entry.state === 'failed' ? 'failed' : 'unknown';
        deed.reason = entry.error?.reason ?? null;
      }
    }
    const truth = await this.#truth();
    if (stale.length > 0) {
      for (const { id, events } of truth.sessions.values())
        this.#story.push(`${id}: ${events.map((e) => `${e.seq} ${e.type} ${e.about ?? ''}`).join(', ')}`);
      this.#story.push(...(await whatTheDatabaseDoes(this.served.databaseUrl)));
      this.#story.push(`one-minute load of the machine: ${loadavg()[0]?.toFixed(1)}`);
    }
    const findings = check(this.#deeds, truth);
    findings.stale.push(...stale);
    return findings;
  }

  /** Waits until everything has been sent and every copy is the server's; resolves with what differs if that never comes. */
  async #untilEqual(): Promise<string[]> {
    const deadline = Date.now() + HEAL_MS;
    for (let round = 1; ; round += 1) {
      const differences = await this.#compare();
      if (differences.length === 0 || Date.now() > deadline) return differences;
      // Somebody taps "try now": pauses between tries grow to half a minute, which no test wants to sit through.
      if (round % 40 === 0)
        for (const device of this.#devices)
          for (const tab of device.tabs) if (tab.connection.get().kind === 'waiting') tab.reconnectNow();
      if (round % 80 === 0) for (const device of this.#devices) device.client.outbox.resume();
      await delay(30);
    }
  }

  async #compare(): Promise<string[]> {
    const found: string[] = [];
    for (const device of this.#devices)
      if (!(await isIdle(device))) found.push(`${device.name} is not idle (${await stateOf(device)})`);
    if (found.length > 0) return found;
    const views = new Map<Person, ServerView>();
    for (const person of this.#people)
      views.set(person, await persist(() => viewOf(truthOf(this.served.url, person))));
    for (const device of this.#devices) {
      const view = views.get(device.person) ?? nothingSeen;
      found.push(...(await differencesOf(device, view)));
    }
    // Also where nobody sees them any more, for everyone has left.
    for (const { id, turnStatus } of (await this.#truth()).messages.values())
      if (isUnended(turnStatus)) found.push(`the answer ${id} is still being written`);
    if (found.length > 0) return found;
    for (const device of this.#devices) {
      const view = views.get(device.person) ?? nothingSeen;
      found.push(...(await mendedBy(device, view).catch((error) => [`${device.name}: ${String(error)}`])));
    }
    return found;
  }

  #truth(): Promise<Truth> {
    const people = this.#people.map((person) => person.me.id);
    return readTruth(this.served.databaseUrl, people);
  }

  #note(fault: string, device?: Device): void {
    this.#story.push(device ? `${device.name}: ${fault}` : fault);
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }

  #allFaults(): Map<string, number> {
    const all = new Map(this.#faults);
    const add = (fault: string, n: number) => all.set(fault, (all.get(fault) ?? 0) + n);
    for (const { proxy } of this.#devices) for (const [deed, n] of proxy.deeds) add(deed, n);
    for (const { place } of this.served.own?.deaths ?? []) add(`died ${place}`, 1);
    return all;
  }

  #wholeStory(): string[] {
    return [
      ...this.#story,
      ...this.#devices.map(
        ({ name, proxy }) =>
          `${name}: ${[...proxy.deeds].map(([deed, n]) => `${deed} ×${n}`).join(', ') || 'calm'}`,
      ),
      ...(this.served.own?.deaths ?? []).map(({ place, hit }) => `the server died ${place}:${hit}`),
    ];
  }
}

async function stateOf(device: Device): Promise<string> {
  if (device.isClosed) return 'closed';
  const states = device.tabs.map((tab) => tab.connection.get().kind).join(', ');
  const waiting = (await device.client.db.listOutbox()).filter((entry) => entry.state === 'queued');
  return `${states}; ${waiting.map((entry) => `${entry.op} ×${entry.attempts}`).join(', ') || 'nothing'} waits`;
}

/** The checker's own calls are not part of the experiment: they wait while the server is being restarted. */
async function persist<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries > 200) throw error;
      await delay(50);
    }
  }
}
