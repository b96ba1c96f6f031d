import { utf8Bytes } from '../../protocol/text.ts';

/** What a call gets before it counts as lost; a half-open connection says nothing for ever. Milliseconds. */
const PATIENCE_MS = 30_000;
/** On top, for what is sent: the slowest network that is still worth using, in bytes a second. */
const SLOWEST_BYTES_PER_S = 3_000;

/** And no more than this once the network is back: what left on the network before may be answered by nobody. */
const AFTER_RETURN_MS = 3_000;

/** fetch() that gives up. A call that is given up may have happened: whoever made it asks again under the same id. */
export function patientFetch(
  fetch: typeof globalThis.fetch,
  patienceMs = PATIENCE_MS,
): typeof globalThis.fetch {
  return async (input, init) => {
    const bytes = typeof init?.body === 'string' ? utf8Bytes(init.body) : 0;
    const lost = new AbortController();
    const give = () => lost.abort(new DOMException('The server does not answer.', 'TimeoutError'));
    const timers = [setTimeout(give, patienceMs + (bytes / SLOWEST_BYTES_PER_S) * 1000)];
    const hurry = () => timers.push(setTimeout(give, AFTER_RETURN_MS));
    globalThis.addEventListener?.('online', hurry, { once: true });
    const follow = () => lost.abort(init?.signal?.reason);
    init?.signal?.addEventListener('abort', follow, { once: true });
    // Not left to fetch() alone: one that overlooks its signal would hold the outbox up for ever.
    const givenUp = new Promise<never>((_resolve, reject) => {
      lost.signal.addEventListener('abort', () => reject(lost.signal.reason), { once: true });
    });
    if (init?.signal?.aborted) follow();
    const read = async () => {
      const response = await fetch(input, { ...init, signal: lost.signal });
      // The body may stall, too: it is read within the same patience.
      const body = await response.arrayBuffer();
      const { status, statusText, headers } = response;
      const isEmpty = status === 204 || status === 205 || status === 304;
      return new Response(isEmpty ? null : body, { status, statusText, headers });
    };
    try {
      return await Promise.race([read(), givenUp]);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      globalThis.removeEventListener?.('online', hurry);
      init?.signal?.removeEventListener('abort', follow);
    }
  };
}
