import { createAfterAnswer } from './after-answer.ts';
import { handbookDir } from './guide/handbook-dir.ts';
import { createGuideModel } from './guide/model.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createModerator } from './moderation.ts';
import { createProvider, OPENAI, type OpenaiSettings, type Provider } from './providers/provider.ts';
import { TurnRunner, type TurnRunnerOptions } from './runner.ts';

export interface AgentOptions
  extends Omit<TurnRunnerOptions, 'provider' | 'ledger' | 'moderator' | 'afterAnswer'> {
  /** In the order in which they are asked; the built-in guide stands behind them all. */
  services: readonly OpenaiSettings[];
  /** Of paid services, for one person; null: as many as one likes. */
  tokensPerDay: number | null;
}

export interface Agent {
  provider: Provider;
  ledger: Ledger;
  runner: TurnRunner;
}

/** Agent Jay, put together: who answers, who counts what it takes, and who does the answering. */
export function createAgent({ services, tokensPerDay, ...options }: AgentOptions): Agent {
  const { database, log, hub, onError } = options;
  const provider = createProvider(services, createGuideModel({ handbookDir }));
  const ledger = createLedger(database, tokensPerDay);
  // OpenAI's key, and no other service's, opens OpenAI's moderation.
  const openaiKey =
    services.find(({ apiKey, baseUrl }) => apiKey !== null && baseUrl === null)?.apiKey ?? null;
  const runner = new TurnRunner({
    ...options,
    provider,
    ledger,
    ...(openaiKey === null
      ? {}
      : { moderator: createModerator({ apiKey: openaiKey, baseUrl: OPENAI }, onError) }),
    afterAnswer: createAfterAnswer({ database, log, hub, provider, ledger }),
  });
  return { provider, ledger, runner };
}
