import { APICallError, generateText, type ModelMessage, NoObjectGeneratedError, Output } from 'ai';
import type { z } from 'zod';
import type { Speaker } from './providers/provider.ts';
import { within } from './within.ts';

const WITHIN_MS = 20_000;

/**
 * Asks a model for a small JSON object. The wish must also say in words what the object looks like: servers that do not
 * know JSON schemas get the words alone, and whatever object their reply holds is validated just the same.
 * @param signal ends the request
 * @throws what the SDK throws, or a ZodError when nothing in the reply fits the schema
 */
export async function structuredReply<T>(
  speaker: Speaker,
  schema: z.ZodType<T>,
  messages: ModelMessage[],
  signal: AbortSignal,
  system?: string,
): Promise<T> {
  return within(WITHIN_MS, signal, async (abortSignal) => {
    const call = {
      model: speaker.model,
      messages,
      abortSignal,
      maxRetries: 1,
      ...(system === undefined ? {} : { system }),
    };
    try {
      const { output } = await generateText({ ...call, output: Output.object({ schema }) });
      return output;
    } catch (error) {
      if (NoObjectGeneratedError.isInstance(error)) return schema.parse(objectIn(error.text ?? ''));
      const isRefused =
        APICallError.isInstance(error) && (error.statusCode === 400 || error.statusCode === 422);
      if (!isRefused) throw error;
      const { text } = await generateText(call);
      return schema.parse(objectIn(text));
    }
  });
}

/** The object in a text that may stand around it; null when there is none. */
function objectIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return null;
  }
}
