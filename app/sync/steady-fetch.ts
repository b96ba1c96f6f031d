/** So long nothing of an answer may come before it counts as lost. Milliseconds. */
const SILENCE_MS = 30_000;

/** fetch() for what is large: it may take as long as it likes, as long as more of it keeps coming. */
export function steadyFetch(fetch: typeof globalThis.fetch, silenceMs = SILENCE_MS): typeof globalThis.fetch {
  return async (input, init) => {
    const lost = new AbortController();
    const give = () => lost.abort(new DOMException('Nothing more comes.', 'TimeoutError'));
    let timer = setTimeout(give, silenceMs);
    const onSign = () => {
      clearTimeout(timer);
      timer = setTimeout(give, silenceMs);
    };
    try {
      const response = await fetch(input, { ...init, signal: lost.signal });
      onSign();
      const { body, status, statusText, headers } = response;
      if (!body) {
        clearTimeout(timer);
        return response;
      }
      const watched = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          onSign();
          controller.enqueue(chunk);
        },
        flush: () => clearTimeout(timer),
      });
      return new Response(body.pipeThrough(watched, { signal: lost.signal }), {
        status,
        statusText,
        headers,
      });
    } catch (error) {
      clearTimeout(timer);
      throw error;
    }
  };
}
