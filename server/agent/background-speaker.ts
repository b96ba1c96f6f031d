import { wrapLanguageModel } from 'ai';
import type { Database } from '../store/database.ts';
import { estimatedTokens } from './estimated-tokens.ts';
import { bookBackgroundCall, type Ledger } from './ledger.ts';
import type { Provider, Speaker } from './providers/provider.ts';

export interface BackgroundOptions {
  database: Database;
  provider: Provider;
  ledger: Pick<Ledger, 'isUsedUp'>;
}

/**
 * Who does the work behind an answer (suggestions, a title, what to remember, a summary): whoever wrote the answer, with
 * each call booked for the person it is done for; the built-in guide where that service is resting or the person's
 * share of the day is used up.
 * @returns null when nobody is left to do it
 */
export async function backgroundSpeaker(
  { database, provider, ledger }: BackgroundOptions,
  speaker: Speaker,
  userId: string,
): Promise<Speaker | null> {
  if (speaker.isBuiltIn) return speaker;
  if (speaker.breaker.isResting || (await ledger.isUsedUp(userId)))
    return provider.chain.find((one) => one.isBuiltIn) ?? null;
  return booked(database, speaker, userId);
}

function booked(database: Database, speaker: Speaker, userId: string): Speaker {
  const { model, provider, modelId } = speaker;
  // Named by a string, a model belongs to a registry of the SDK's, which this product has none of.
  if (typeof model === 'string' || model.specificationVersion !== 'v3') return speaker;
  const counted = wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v3',
      wrapGenerate: async ({ doGenerate, params }) => {
        const result = await doGenerate();
        const { inputTokens, outputTokens } = result.usage;
        await bookBackgroundCall(database.prisma, userId, new Date(), {
          provider,
          model: modelId,
          promptTokens: inputTokens.total ?? estimatedTokens(JSON.stringify(params.prompt).length),
          completionTokens: outputTokens.total ?? estimatedTokens(JSON.stringify(result.content).length),
        });
        return result;
      },
    },
  });
  return { ...speaker, model: counted };
}
