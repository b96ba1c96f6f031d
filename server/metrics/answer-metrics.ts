import { Counter, Histogram, type Registry } from 'prom-client';
import type { DurableEvent } from '../../protocol/events.ts';
import type { OnCommitted } from '../log/log-entry.ts';

type Completed = Extract<DurableEvent, { type: 'message.completed' }>;

/** Turn times and tokens, read from the event that ends a turn exactly once (invariant 16). */
export function countAnswers(registry: Registry): OnCommitted {
  const turns = new Histogram({
    name: 'chat_turn_seconds',
    help: "From the start of a turn to its end, by how it ended and by the answering model's service",
    labelNames: ['status', 'provider'],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 300],
    registers: [registry],
  });
  const firstTokens = new Histogram({
    name: 'chat_turn_first_token_seconds',
    help: 'From the start of a turn to the first piece of its text',
    labelNames: ['provider'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
    registers: [registry],
  });
  const tokens = new Counter({
    name: 'chat_turn_tokens_total',
    help: 'Tokens as the service counted them',
    labelNames: ['provider', 'direction'],
    registers: [registry],
  });
  return (entries) => {
    for (const entry of entries) {
      if (entry.type !== 'message.completed') continue;
      // The payload was built from an event of this type when it was appended.
      const { turn } = JSON.parse(entry.payload) as Completed;
      const provider = turn.provider ?? 'none';
      // A turn that nobody began has no time.
      if (turn.aiResponseTime !== null) turns.observe({ status: turn.status, provider }, turn.aiResponseTime);
      if (turn.timeToFirstTokenMs !== null) firstTokens.observe({ provider }, turn.timeToFirstTokenMs / 1000);
      tokens.inc({ provider, direction: 'prompt' }, turn.promptTokens ?? 0);
      tokens.inc({ provider, direction: 'completion' }, turn.completionTokens ?? 0);
    }
  };
}
