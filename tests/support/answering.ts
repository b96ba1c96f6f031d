import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type MessageId, newMessageId, type SessionId } from '../../protocol/ids.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import type { Provider } from '../../server/agent/providers/provider.ts';
import { TurnRunner, type TurnRunnerOptions } from '../../server/agent/runner.ts';
import type { Account } from '../../server/domain/account.ts';
import { type Script, type ScriptedModel, startScriptedModel } from './scripted-model.ts';
import { createWorld, type World } from './world.ts';

interface Closable {
  close(): Promise<void>;
}

/** What tests of Agent Jay's answers have at hand. */
export interface Answering {
  /** Closed after the test, newest first. */
  opened: Closable[];
  modelThat(script?: Script): Promise<ScriptedModel>;
  /** A node that answers by this model. */
  runnerWith(model: { provider: Provider }, options?: Partial<TurnRunnerOptions>): TurnRunner;
  /** Somebody's conversation with Agent Jay. */
  conversation(): Promise<{ ada: Account; sessionId: SessionId }>;
  ask(
    who: Account,
    sessionId: SessionId,
    content: string,
    more?: object,
  ): Promise<{ id: MessageId; answerId: MessageId }>;
  stored(who: Account, sessionId: SessionId, id: string): Promise<ChatMessage>;
}

/**
 * A world of a test file's own, handed to it before its first test; after each, what the test opened is closed, what it
 * left unanswered is given up, and nothing unexpected may have been logged.
 */
export function answering(onWorld: (world: World) => void): Answering {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    onWorld(world);
  });
  afterAll(() => world.close());

  const opened: Closable[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
    await world.database.pool.query(
      `UPDATE "AgentTurn" SET status = 'stopped' WHERE status IN ('queued', 'streaming')`,
    );
    expect(world.errors.splice(0)).toEqual([]);
  });

  let nodes = 0;
  return {
    opened,
    async modelThat(script = {}) {
      const model = await startScriptedModel(script);
      opened.push(model);
      return model;
    },
    runnerWith({ provider }, options = {}) {
      nodes += 1;
      const { database, log, hub } = world;
      const runner = new TurnRunner({
        database,
        log,
        hub,
        provider,
        nodeId: `node-${nodes}`,
        logger: pino({ level: 'silent' }),
        onError: (error) => world.errors.push(error),
        ...options,
      });
      opened.push(runner);
      return runner;
    },
    async conversation() {
      const ada = await world.person();
      return { ada, sessionId: await world.conversation(ada, [], true) };
    },
    async ask(who, sessionId, content, more = {}) {
      const { id } = await world.as(who).message.send({ id: newMessageId(), sessionId, content, ...more });
      const turn = await world.database.prisma.agentTurn.findFirstOrThrow({ where: { questionId: id } });
      return { id, answerId: turn.messageId as MessageId }; // minted by the log
    },
    async stored(who, sessionId, id) {
      const { messages } = await world.as(who).message.list({ sessionId });
      const message = messages.find((one) => one.id === id);
      if (!message) throw new Error('no such message');
      return message;
    },
  };
}
