import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { check } from './checker.ts';
import { differencesOf, isIdle, mendedBy, nothingSeen, type ServerView, viewOf } from './copies.ts';
import type { Device } from './device.ts';
import { type Deed, type Findings, nameOf } from './ledger.ts';
import { persist } from './persist.ts';
import { bytesOf, type Person, truthOf } from './person.ts';
import type { Served } from './served.ts';
import { isUnended, readTruth, type Truth, whatTheDatabaseDoes } from './truth.ts';

const HEAL_MS = 60_000;

/** All that there was in a schedule. */
export interface Played {
  served: Served;
  people: readonly Person[];
  devices: readonly Device[];
  deeds: readonly Deed[];
  story: string[];
}

/** Compares every device with the server, and the server's database with what people did. */
export class Judge {
  constructor(private readonly scene: Played) {}

  async judge(): Promise<Findings> {
    const stale = await this.untilEqual();
    for (const device of this.scene.devices) {
      const held = new Map(
        (await device.client.db.listOutbox()).map((entry) => [entry.mutationId as string, entry]),
      );
      for (const deed of this.scene.deeds) {
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
        this.scene.story.push(
          `${id}: ${events.map((e) => `${e.seq} ${e.type} ${e.about ?? ''}`).join(', ')}`,
        );
      this.scene.story.push(...(await whatTheDatabaseDoes(this.scene.served.databaseUrl)));
      this.scene.story.push(`one-minute load of the machine: ${loadavg()[0]?.toFixed(1)}`);
    }
    const findings = check(this.scene.deeds, truth);
    findings.lost.push(...(await this.#lostFiles(truth)));
    findings.stale.push(...stale);
    return findings;
  }

  /** Files whose bytes are not those that were sent, as their senders get them. */
  async #lostFiles(truth: Truth): Promise<string[]> {
    const lost: string[] = [];
    for (const deed of this.scene.deeds) {
      const message = truth.messages.get(deed.about ?? '');
      const person = this.scene.people.find(({ me }) => me.id === deed.userId);
      if (!deed.files || !person || message?.isDeleted !== false) continue;
      const session = truth.sessions.get(deed.sessionId);
      if (!session?.members.has(person.me.id)) continue;
      // Whoever left and came back sees what is said from then on.
      const said = session.events.findIndex(({ about }) => about === deed.about);
      if (session.events.slice(said).some((e) => e.type === 'member.joined' && e.about === person.me.id))
        continue;
      for (const { id, bytes } of deed.files) {
        const held = await persist(() => bytesOf(this.scene.served.url, person, id));
        if (!held || !Buffer.from(bytes).equals(held)) lost.push(`the bytes of a file of ${nameOf(deed)}`);
      }
    }
    return lost;
  }

  /** Waits until everything has been sent and every copy is the server's; resolves with what differs if that never comes. */
  async untilEqual(): Promise<string[]> {
    const deadline = Date.now() + HEAL_MS;
    for (let round = 1; ; round += 1) {
      const differences = await this.#compare();
      if (differences.length === 0 || Date.now() > deadline) return differences;
      // Somebody taps "try now": pauses between tries grow to half a minute, which no test wants to sit through.
      if (round % 40 === 0)
        for (const device of this.scene.devices)
          for (const tab of device.tabs) if (tab.connection.get().kind === 'waiting') tab.reconnectNow();
      if (round % 80 === 0) for (const device of this.scene.devices) device.client.outbox.resume();
      await delay(30);
    }
  }

  async #compare(): Promise<string[]> {
    const found: string[] = [];
    for (const device of this.scene.devices)
      if (!(await isIdle(device))) found.push(`${device.name} is not idle (${await stateOf(device)})`);
    if (found.length > 0) return found;
    const views = new Map<Person, ServerView>();
    for (const person of this.scene.people)
      views.set(person, await persist(() => viewOf(truthOf(this.scene.served.url, person))));
    for (const device of this.scene.devices) {
      const view = views.get(device.person) ?? nothingSeen;
      found.push(...(await differencesOf(device, view, this.scene.deeds)));
    }
    // Also where nobody sees them any more, for everyone has left.
    for (const { id, turnStatus } of (await this.#truth()).messages.values())
      if (isUnended(turnStatus)) found.push(`the answer ${id} is still being written`);
    if (found.length > 0) return found;
    for (const device of this.scene.devices) {
      const view = views.get(device.person) ?? nothingSeen;
      found.push(...(await mendedBy(device, view).catch((error) => [`${device.name}: ${String(error)}`])));
    }
    return found;
  }

  #truth(): Promise<Truth> {
    const people = this.scene.people.map((person) => person.me.id);
    return persist(() => readTruth(this.scene.served.databaseUrl, people));
  }
}

async function stateOf(device: Device): Promise<string> {
  if (device.isClosed) return 'closed';
  const states = device.tabs.map((tab) => tab.connection.get().kind).join(', ');
  const waiting = (await device.client.db.listOutbox()).filter((entry) => entry.state === 'queued');
  const withFiles = (await device.client.files.waiting()).size;
  const what = waiting.map((entry) => `${entry.op} ×${entry.attempts}`).join(', ') || 'nothing';
  return `${states}; ${what} waits, ${withFiles} for their files`;
}
