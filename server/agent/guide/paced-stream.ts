import type { StreamPart } from './language-model.ts';

/**
 * A stream that gives its parts one by one, each as soon as it is asked for and no earlier than the pace allows.
 * @param pace milliseconds between two pieces of text; 0 for none
 * @param signal ends the stream at once, with its reason as the error
 */
export function pacedStream(
  parts: Iterable<StreamPart>,
  pace: number,
  signal: AbortSignal | undefined,
): ReadableStream<StreamPart> {
  const iterator = parts[Symbol.iterator]();
  let timer: NodeJS.Timeout | undefined;
  let isFirst = true;
  let onAbort = () => {};
  const release = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  return new ReadableStream<StreamPart>(
    {
      start(controller) {
        onAbort = () => {
          release();
          controller.error(signal?.reason);
        };
        if (signal?.aborted) onAbort();
        else signal?.addEventListener('abort', onAbort, { once: true });
      },
      async pull(controller) {
        const next = iterator.next();
        if (next.done) {
          release();
          controller.close();
          return;
        }
        if (next.value.type === 'text-delta') {
          if (!isFirst && pace > 0) {
            await new Promise((resolve) => {
              timer = setTimeout(resolve, pace);
            });
          }
          isFirst = false;
        }
        if (!signal?.aborted) controller.enqueue(next.value);
      },
      cancel: release,
    },
    // Nothing is made ahead: what was not asked for is not there to come after a stop.
    { highWaterMark: 0 },
  );
}
