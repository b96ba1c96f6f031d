import { setTimeout as delay } from 'node:timers/promises';
import type { OutboxEntry } from '../../app/local-db/rows.ts';
import { messageOf } from '../../app/outbox/entries.ts';
import { newMessageId, newSessionId, type SessionId } from '../../protocol/ids.ts';
import { isCounted } from '../../protocol/outbox.ts';
import { withClient } from '../support/with-client.ts';
import { calm } from './chaos-proxy.ts';
import { Device } from './device.ts';
import type { Scene } from './hands.ts';
import { Judge } from './judge.ts';
import type { Deed, Findings } from './ledger.ts';
import { act } from './operations.ts';
import { persist } from './persist.ts';
import { newMember, newPerson, type Person, signInAgain, truthOf } from './person.ts';
import { createRandom, type Random } from './random.ts';
import type { Served } from './served.ts';
import { randomWeather } from './weather.ts';

export interface Outcome {
  seed: number;
  findings: Findings;
  deeds: readonly Deed[];
  /** What the network and the hands did, in words. */
  story: string[];
  faults: ReadonlyMap<string, number>;
}

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
  readonly #people: Person[] = [];
  readonly #judge: Judge;

  constructor(
    private readonly seed: number,
    private readonly served: Served,
  ) {
    this.#random = createRandom(seed);
    this.#judge = new Judge({
      served,
      people: this.#people,
      devices: this.#devices,
      deeds: this.#deeds,
      story: this.#story,
    });
  }

  async run(steps?: number): Promise<Outcome> {
    const random = this.#random;
    try {
      await this.#begin();
      for (let step = steps ?? random.between(25, 50); step > 0; step -= 1)
        await this.#step(random.fork(`step ${step}`));
      await this.#heal();
      const findings = await this.#judge.judge();
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
    // Where one is alone with Agent Jay, questions have versions, too.
    for (const person of this.#people) if (random.chance(0.4)) await this.#askAlone(person);
    for (const [index, person] of this.#people.entries()) {
      for (let n = random.between(1, 2); n > 0; n -= 1) {
        const name = `p${index}d${n}`;
        this.#devices.push(await Device.start(name, person, url, random.fork(`proxy ${name}`)));
      }
    }
    await this.#judge.untilEqual();
  }

  #newConversation(owner: Person, id: SessionId, withAgent: boolean) {
    const memberIds = this.#people.map((person) => person.me.id);
    return truthOf(this.served.url, owner).session.create.mutate({ id, memberIds, withAgent });
  }

  /** A question and, once everything is quiet, its answer. */
  async #askAlone(person: Person): Promise<void> {
    const trpc = truthOf(this.served.url, person);
    const [sessionId, id] = [newSessionId(), newMessageId()];
    const value = `question ${this.seed}/${this.#deeds.length}`;
    await persist(() => trpc.session.create.mutate({ id: sessionId, withAgent: true }));
    await persist(() => trpc.message.send.mutate({ id, sessionId, content: value }));
    const deed = { op: 'message.send', mutationId: id, sessionId, about: id, value } as const;
    const done = { life: 0, outcome: 'acknowledged', reason: null } as const;
    this.#deeds.push({ ...deed, ...done, device: 'the beginning', userId: person.me.id });
  }

  async #step(random: Random): Promise<void> {
    const device = random.pick(this.#devices as [Device, ...Device[]]);
    const dice = random.next();
    if (dice < 0.64) {
      if (device.isClosed) await device.open();
      await act(this.#scene(random), device);
    } else if (dice < 0.785) {
      const { name, weather } = randomWeather(random);
      device.proxy.weather = weather;
      this.#note(`weather: ${name}`, device);
    } else if (dice < 0.83) {
      device.proxy.cut();
      this.#note('every connection is reset', device);
    } else if (dice < 0.87) {
      if (device.tabs.length > 0) await device.killTab(random.between(0, device.tabs.length - 1));
      this.#note('a tab is killed', device);
    } else if (dice < 0.89) {
      await device.open();
      this.#note('a tab is opened', device);
    } else if (dice < 0.9) await this.#forget(device);
    else if (dice < 0.915) await this.#endAuthSession(device);
    else if (dice < 0.925) await this.#handOver(device, random);
    else if (dice < 0.94) this.#signInAnother(device, random);
    else await this.#hurtServer(random);
    await delay(random.between(0, 25));
  }

  #scene(random: Random): Scene {
    return { random, seed: this.seed, people: this.#people, deeds: this.#deeds };
  }

  /** Whatever had not left the device may never have happened, and may have. */
  async #giveUpWaiting(device: Device): Promise<void> {
    if (device.isClosed) await device.open();
    const entries = await device.client.db.listOutbox();
    for (const deed of this.#deeds)
      if (deed.device === device.name && entries.some((entry) => isWaitingIn(entry, deed)))
        deed.outcome = 'unknown';
  }

  async #forget(device: Device): Promise<void> {
    await this.#giveUpWaiting(device);
    await device.forget();
    this.#note('its database is deleted', device);
  }

  /** Somebody signs out on it, though something waits, and maybe another person signs in (invariant 26). */
  async #handOver(device: Device, random: Random): Promise<void> {
    await this.#giveUpWaiting(device);
    const next = random.pick(this.#people as [Person, ...Person[]]);
    await device.handTo(next);
    this.#note('signed out, and somebody signs in', device);
  }

  /** The browser's cookie is another account's for a while: nothing of either is to be sent as the other's (25). */
  #signInAnother(device: Device, random: Random): void {
    const others = this.#people.filter((person) => person !== device.person);
    const [first, ...rest] = others;
    if (!first) return;
    const isBack = random.chance(0.4);
    device.signIn(isBack ? null : random.pick([first, ...rest]));
    this.#note(isBack ? 'its own account signs in' : 'another account signs in', device);
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
      device.signIn(null);
      if (device.isClosed) await device.open();
      for (const tab of device.tabs) {
        tab.reconnectNow();
        tab.outbox.resume();
      }
    }
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

/** Whether a change of this device still waits there: as itself or, of marks and drafts, within a later one. */
function isWaitingIn(entry: OutboxEntry, { op, mutationId, sessionId, about }: Deed): boolean {
  if (entry.mutationId === mutationId) return true;
  if (isCounted(op) || entry.op !== op || entry.sessionId !== sessionId) return false;
  return about === null || messageOf(entry.input) === about;
}
