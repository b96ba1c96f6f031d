import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { ChatError, type Failure, type InputIssue, reasons } from '../../protocol/errors.ts';
import { asUnavailable } from '../unavailable.ts';

const HIDDEN = 'Something went wrong on our side. It was logged; try again in a moment.';

/**
 * Any error as what a client may know of it: an expected failure as it is, a schema violation as INVALID_INPUT with
 * its issues, everything else as one sentence that tells nothing.
 */
export function toFailure(thrown: unknown): Failure | { reason: null; message: string; retryable: boolean } {
  const error = asUnavailable(thrown);
  if (error instanceof ChatError) return error.toFailure();
  if (error instanceof ZodError) {
    const issues = error.issues.map(
      (issue): InputIssue => ({ path: issue.path.map(asPathPart), message: issue.message }),
    );
    // As protocol/free-json.ts marks it.
    const isTooLarge = error.issues.some(
      (issue) => issue.code === 'custom' && issue.params?.reason === 'TOO_LARGE',
    );
    return new ChatError(isTooLarge ? 'TOO_LARGE' : 'INVALID_INPUT', sentenceOf(issues), {
      issues,
    }).toFailure();
  }
  if (error instanceof TRPCError) {
    if (error.cause) {
      const inner = toFailure(error.cause);
      if (inner.reason !== null) return inner;
    }
    if (error.code === 'NOT_FOUND')
      return new ChatError('NOT_FOUND', 'There is no such procedure.').toFailure();
    if (error.code === 'PAYLOAD_TOO_LARGE')
      return new ChatError('TOO_LARGE', 'The request is too large.').toFailure();
    const clientsFault =
      error.code === 'BAD_REQUEST' ||
      error.code === 'PARSE_ERROR' ||
      error.code === 'METHOD_NOT_SUPPORTED' ||
      error.code === 'UNSUPPORTED_MEDIA_TYPE';
    if (clientsFault)
      return new ChatError('INVALID_INPUT', 'The request is not well-formed.', {
        issues: [{ path: [], message: error.message }],
      }).toFailure();
  }
  return { reason: null, message: HIDDEN, retryable: true };
}

/** A TRPCError whose status is that of the reason. */
export function toTrpcError(error: ChatError): TRPCError {
  return new TRPCError({ code: reasons[error.reason].trpc, message: error.message, cause: error });
}

function sentenceOf(issues: readonly InputIssue[]): string {
  const [first] = issues;
  if (!first) return 'The input is not valid.';
  const where = first.path.join('.');
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${where ? `"${where}" is not valid: ` : 'The input is not valid: '}${first.message}${more}.`;
}

function asPathPart(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part);
}
