import { ChatError, Failure } from '../../protocol/errors.ts';
import type { UserId } from '../../protocol/ids.ts';
import { steadyFetch } from './steady-fetch.ts';

/** The bytes that the server has of a file. Throws what the server said, and whatever fetch throws without a network. */
export async function downloadFile(
  fetch: typeof globalThis.fetch,
  url: string,
  account: UserId,
): Promise<Blob> {
  const response = await steadyFetch(fetch)(url, { headers: { 'x-account': account } });
  // A captive portal answers 200 too: ours are marked as nobody else's to run or keep.
  if (!response.ok || !response.headers.get('content-security-policy')?.includes('sandbox')) {
    const { error, ...rest } = ((await response.json().catch(() => null)) ?? {}) as { error?: unknown };
    const failure = Failure.safeParse({ ...rest, message: error });
    if (failure.success) throw new ChatError(failure.data.reason, failure.data.message);
    throw new TypeError('Something between us and the server answered instead of it.');
  }
  return response.blob();
}
