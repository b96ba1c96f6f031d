// The product's own composition root, as `npm start` runs it, with a hand on its hub.

import { SessionId } from '../../protocol/ids.ts';
import { Log } from '../../server/log/log.ts';
import type { LogEntry } from '../../server/log/log-entry.ts';
import { Hub } from '../../server/realtime/hub.ts';
import { answer } from '../answer.ts';
import { type Emission, emit, messageEvent } from '../emit.ts';

/** The first use of each shows which one the product made. */
function caught<T extends object, K extends keyof T>(prototype: T, method: K): Promise<T> {
  return new Promise((resolve) => {
    const original = prototype[method];
    if (typeof original !== 'function') throw new Error(`${String(method)} is no method`);
    prototype[method] = function (this: T, ...args: unknown[]) {
      prototype[method] = original;
      resolve(this);
      return original.apply(this, args);
    } as T[K]; // takes and gives what the original does
  });
}

const hub = caught(Hub.prototype, 'catchUp');
const log = caught(Log.prototype, 'send');
let running: Hub | null = null;
void hub.then((found) => {
  running = found;
});

await import('../../server/index.ts');

answer({
  hub: async () => (await hub).stats,
  log: async () => (await log).stats,
  streams: () => running?.stats.streams ?? 0,
  serialisations: () => running?.stats.serialisations ?? 0,
  emit: async (plan: Emission & { sessionId: string; text?: string }) => {
    const to = await hub;
    const sessionId = SessionId.parse(plan.sessionId);
    await emit(plan, (first, count) => {
      const entries: LogEntry[] = [];
      for (let index = first; index < first + count; index += 1) {
        const payload = JSON.stringify(messageEvent(index, sessionId, plan.text));
        entries.push({
          pos: to.pos + 1 + entries.length,
          type: 'message.created',
          audience: { sessionId },
          payload,
        });
      }
      // As the log hands over what one commit wrote.
      to.publish(entries);
    });
  },
});
