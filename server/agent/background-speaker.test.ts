import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Script, startScriptedModel } from '../../tests/support/scripted-model.ts';
import { createWorld, type World } from '../../tests/support/world.ts';
import { backgroundSpeaker } from './background-speaker.ts';
import { handbookDir } from './guide/handbook-dir.ts';
import { createGuideModel } from './guide/model.ts';
import { createLedger } from './ledger.ts';
import { createProvider } from './providers/provider.ts';
import { structuredReply } from './structured-reply.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** A service that costs, with or without the guide behind it, and one person's share of it. */
async function service({ tokensPerDay = null as number | null, hasGuide = true, onWish }: Given = {}) {
  const model = await startScriptedModel({
    onWish: onWish ?? ((call) => call.reply('{"title": "Sampling"}')),
  });
  opened.push(model);
  const guide = hasGuide ? createGuideModel({ handbookDir, pace: 0 }) : null;
  const provider = createProvider([model.settings], guide);
  const ledger = createLedger(world.database, tokensPerDay);
  const { userId } = await world.person();
  const [paid] = provider.chain;
  const speaker = () => backgroundSpeaker({ database: world.database, provider, ledger }, paid, userId);
  return { model, ledger, userId, paid, speaker };
}
type Given = { tokensPerDay?: number | null; hasGuide?: boolean; onWish?: Script['onWish'] };

const Title = z.object({ title: z.string() });
const wish = [{ role: 'user' as const, content: 'Reply with {"title": "…"}' }];
const { signal } = new AbortController();

describe('the work behind an answer', () => {
  it('is booked for the person it is done for: tokens, and no answer', async () => {
    const { ledger, userId, speaker, model } = await service();
    const booked = await speaker();
    if (!booked) throw new Error('somebody must do it');
    expect(await structuredReply(booked, Title, wish, signal)).toEqual({ title: 'Sampling' });
    expect(model.wishes).toHaveLength(1);
    const today = await ledger.today(userId);
    expect(today.answers).toBe(0);
    // The service did not say how many: estimated from what went there and what came back.
    expect(today.tokens).toBeGreaterThan(10);
  });

  it('is left to the guide once the share of the day is used up, and to nobody where there is none', async () => {
    const { ledger, userId, speaker, model } = await service({ tokensPerDay: 10 });
    const booked = await speaker();
    if (!booked) throw new Error('somebody must do it');
    await structuredReply(booked, Title, wish, signal);
    expect(await ledger.isUsedUp(userId)).toBe(true);
    expect(await speaker()).toMatchObject({ isBuiltIn: true });
    expect(model.wishes).toHaveLength(1);
    const alone = await service({ tokensPerDay: 0, hasGuide: false });
    expect(await alone.speaker()).toBeNull();
  });

  it('is left to the guide while the service rests after failures', async () => {
    const { paid, speaker } = await service();
    for (let i = 0; i < 3; i += 1) paid.breaker.failed();
    expect(await speaker()).toMatchObject({ isBuiltIn: true });
    paid.breaker.succeeded();
    expect(await speaker()).toMatchObject({ isBuiltIn: false });
  });
});
