/** What of an error goes into the log: where it happened and what kind it is, without the text that it happened to. */
export interface LoggableError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: LoggableError;
}

const QUOTED_AT_MOST = 40;
const LINE_AT_MOST = 200;

/**
 * Databases and validators like to quote what they refuse, and Prisma prints a whole call: of a message its first and its
 * last line are kept, and what is quoted in them only while it is short enough to be a name.
 */
export function loggableError(error: unknown, depth = 0): LoggableError {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'something that is no error was thrown' };
  const { code } = error as Error & { code?: unknown };
  const lines = error.message.split('\n').filter((line) => line.trim() !== '');
  const kept = lines.length > 1 ? [lines[0], lines.at(-1)] : lines;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    message: kept.map((line = '') => withoutQuotes(line.trim()).slice(0, LINE_AT_MOST)).join(' … '),
    ...(typeof code === 'string' ? { code } : {}),
    ...(frames?.length ? { stack: frames.join('\n') } : {}),
    ...(error.cause instanceof Error && depth < 3 ? { cause: loggableError(error.cause, depth + 1) } : {}),
  };
}

const withoutQuotes = (line: string) =>
  line.replace(/(["'`“])(.*?)(["'`”])(?=\W|$)/g, (whole, open: string, inner: string, close: string) =>
    inner.length > QUOTED_AT_MOST ? `${open}…${close}` : whole,
  );
