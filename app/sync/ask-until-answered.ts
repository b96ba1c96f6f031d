import { ChatError } from '../../protocol/errors.ts';
import { failureOf } from '../trpc/client.ts';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** Whether asking again could help: not where the server itself has said no. */
function mayHelp(error: unknown): boolean {
  const failure = error instanceof ChatError ? error.toFailure() : failureOf(error);
  return failure === null || failure.retryable;
}

/**
 * Asks, and asks again after ever longer pauses while no answer comes: on a bad network a single request gets lost beside
 * a stream that lives on. For what is shown; `onFailed` is told of each failure. Returns how to stop.
 */
export function askUntilAnswered<T>(
  ask: () => Promise<T>,
  onAnswer: (answer: T) => void,
  onFailed: (error: unknown) => void = () => {},
): () => void {
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (pauseMs: number) =>
    ask().then(
      (answer) => {
        if (!isStopped) onAnswer(answer);
      },
      (error) => {
        if (isStopped) return;
        if (mayHelp(error)) timer = setTimeout(run, pauseMs, Math.min(2 * pauseMs, LONGEST_PAUSE_MS));
        onFailed(error);
      },
    );
  void run(FIRST_PAUSE_MS);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
