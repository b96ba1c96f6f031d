import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../protocol/ids.ts';
import { createMetrics } from './metrics.ts';

const stats = {
  streams: 3,
  deliveries: 70,
  writes: 20,
  bytes: 9000,
  serialisations: 7,
  answerFrames: 5,
  answerBytes: 600,
  slowReaderCloses: 1,
  resumedFromMemory: 2,
};

describe('what an operator reads at /metrics', () => {
  it('tells streams, deliveries, the queue and slow readers as they are at that moment', async () => {
    const metrics = createMetrics();
    const hub = { stats: { ...stats } };
    metrics.follow({ hub, log: { stats: { queued: 12 } } });
    await metrics.registry.metrics();
    hub.stats.deliveries = 71;
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/^chat_streams 3$/m);
    expect(text).toMatch(/^chat_deliveries_total 71$/m);
    expect(text).toMatch(/^chat_slow_reader_closes_total 1$/m);
    expect(text).toMatch(/^chat_answer_frames_total 5$/m);
    expect(text).toMatch(/^chat_log_queue 12$/m);
  });

  it('tells how many writes shared a commit, and how long commits and fan-out took', async () => {
    const metrics = createMetrics();
    metrics.log.batchCommitted?.('send', 40, 0.004);
    metrics.hub.fannedOut?.(40, 0.002);
    const text = await metrics.registry.metrics();
    expect(text).toContain('chat_commit_batch_size_sum{kind="send"} 40');
    expect(text).toContain('chat_commit_seconds_count{kind="send"} 1');
    expect(text).toContain('chat_fan_out_frames_sum 40');
  });

  it('tells times and tokens of answers, once for each that ended', async () => {
    const metrics = createMetrics();
    const turn = {
      status: 'done',
      provider: 'guide',
      promptTokens: 100,
      completionTokens: 20,
      timeToFirstTokenMs: 300,
      aiResponseTime: 1.5,
    };
    const audience = { sessionId: 'one' as SessionId }; // never looked at
    metrics.committed([
      { pos: 1, type: 'message.created', audience, payload: '{}' },
      { pos: 2, type: 'message.completed', audience, payload: JSON.stringify({ turn }) },
    ]);
    const text = await metrics.registry.metrics();
    expect(text).toContain('chat_turn_seconds_sum{status="done",provider="guide"} 1.5');
    expect(text).toContain('chat_turn_first_token_seconds_count{provider="guide"} 1');
    expect(text).toContain('chat_turn_tokens_total{provider="guide",direction="completion"} 20');
  });
});
