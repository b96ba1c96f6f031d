import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ChatError } from '../../protocol/errors.ts';
import { AGENT_ID, type MessageId, type SessionId } from '../../protocol/ids.ts';
import type { Log } from '../log/log.ts';
import type { Live } from '../realtime/live.ts';
import type { Database } from '../store/database.ts';
import { Coalescer } from './coalescer.ts';
import { readContext, type TurnContext } from './context.ts';
import { estimatedTokens } from './estimated-tokens.ts';
import { finishTurn, nothingWritten, type TurnEnd, type TurnRef } from './finish-turn.ts';
import type { Lease } from './lease.ts';
import type { Ledger, Spent } from './ledger.ts';
import { forgetAsked } from './memory/forget-asked.ts';
import type { Moderator } from './moderation.ts';
import { outlastOutage } from './outlast.ts';
import type { Provider, Speaker } from './providers/provider.ts';
import type { Picture } from './seeing.ts';
import { type AnswerLimits, type WrittenAnswer, writeAnswer } from './write-answer.ts';

export interface RunOptions {
  database: Database;
  log: Log;
  hub: Live;
  provider: Provider;
  /** Who may still ask a paid service today; left out, everybody may. */
  ledger?: Pick<Ledger, 'isUsedUp'>;
  /** Looks at questions before a model does; left out, nobody looks. */
  moderator?: Moderator;
  /** Pictures that were sent with a question; left out, nobody looks at any. */
  picturesOf?(questionId: MessageId): Promise<readonly Picture[]>;
  limits: AnswerLimits;
  logger: Logger;
  onError(error: unknown): void;
}

const STRANGE_FAILURES_AT_MOST = 3;
const USED_UP = 'Your share of AI answers for today is used up. It is full again at midnight (UTC).';
const NOT_FOR_AGENT =
  'Agent Jay does not answer this: it was found to break the rules of the AI service. Ask in other words, or talk to a person.';

/**
 * Writes one claimed answer: reads the context, lets a model speak, tells devices as it speaks, and ends the turn.
 * @returns true when the answer stands; false for every other end, and when the turn is no longer ours
 */
export async function runTurn(options: RunOptions, lease: Lease): Promise<boolean> {
  const { database, log, hub, onError } = options;
  const { turn } = lease;
  // Written through their schemas.
  const ref = { messageId: turn.messageId as MessageId, sessionId: turn.sessionId as SessionId };
  // A run that died here or lost its hold may have told a beginning; this one begins anew.
  hub.beginAnswer(ref.sessionId, ref.messageId, turn.claimedAt);
  const seen = { deliveredSeq: turn.questionSeq, readSeq: turn.questionSeq };
  log.mark({ sessionId: turn.sessionId, userId: AGENT_ID, ...seen }).catch(onError);
  const coalescer = new Coalescer((piece) => hub.extendAnswer(ref.sessionId, ref.messageId, piece));
  let text = turn.kept;
  try {
    const halt = lease.halted.signal;
    const context = await outlastOutage(halt, async () => {
      await forgetAsked(database, log, turn);
      return readContext(database, turn);
    });
    if (!context) return await end(options, lease, ref, { ...nothingWritten, status: 'stopped' });
    const isRefused = await options.moderator?.refuses(context.messages.at(-1), halt);
    if (isRefused && !halt.aborted)
      return await end(options, lease, ref, { ...nothingWritten, status: 'failed', error: NOT_FOR_AGENT });
    const { chain, insteadOf } = await outlastOutage(halt, () => speakersFor(options, turn.askedBy));
    if (!chain)
      return await end(options, lease, ref, { ...nothingWritten, status: 'failed', error: USED_UP });
    coalescer.add(text);
    const tell = (piece: string) => {
      text += piece;
      coalescer.add(piece);
      lease.note(text);
    };
    const questionId = turn.questionId as MessageId;
    const pictures = await outlastOutage(halt, async () => (await options.picturesOf?.(questionId)) ?? []);
    const written = await writeAnswer(chain, { ...context, pictures }, turn.kept, halt, options.limits, tell);
    const { facts, calls, ...record } = written;
    if (lease.haltReason === 'lost') return false;
    if (lease.haltReason === 'hand-back') {
      if (written.content === '') {
        await lease.handBack();
        return false;
      }
      record.status = 'interrupted';
      record.error = 'The server was restarted while this was being written. Go on from here, or try again.';
    }
    coalescer.flush();
    const fallback = insteadOf ? { from: insteadOf.label, because: USED_UP } : record.fallback;
    const spent = spentOn(written, context, turn.kept);
    const whole = { ...record, content: text, fallback, spent, contextUsed: context.used };
    const isOurs = await end(options, lease, ref, whole);
    const { status, aiResponseTime, timeToFirstTokenMs, completionTokens, model } = record;
    options.logger.info(
      {
        turn: ref.messageId,
        status,
        model,
        aiResponseTime,
        timeToFirstTokenMs,
        completionTokens,
        calls,
        fallback,
        facts,
      },
      'turn ended',
    );
    return isOurs && status === 'done';
  } catch (error) {
    onError(error);
    if (lease.haltReason === 'hand-back' && text === turn.kept) {
      await lease.handBack();
      return false;
    }
    const sentence = 'Something went wrong on our side while this was being written. Try again.';
    coalescer.flush();
    const how =
      lease.haltReason === 'stop'
        ? { status: 'stopped' as const }
        : { status: 'failed' as const, error: sentence };
    await end(options, lease, ref, { ...nothingWritten, content: text, ...how });
    return false;
  } finally {
    coalescer.drop();
    await lease.release();
  }
}

/** Whoever has used up a day's share gets the guide's answers meanwhile. */
async function speakersFor(
  { provider, ledger }: RunOptions,
  askedBy: string,
): Promise<{ chain: Provider['chain'] | null; insteadOf: Speaker | null }> {
  const [first] = provider.chain;
  if (first.isBuiltIn || !(await ledger?.isUsedUp(askedBy)))
    return { chain: provider.chain, insteadOf: null };
  const guide = provider.chain.find((speaker) => speaker.isBuiltIn);
  return { chain: guide ? [guide] : null, insteadOf: first };
}

/** A service counts what it was given and what it wrote; where an answer broke off before it said so, we estimate. */
function spentOn(written: WrittenAnswer, context: TurnContext, kept: string): Spent | null {
  const { provider, model, promptTokens, completionTokens, content, status } = written;
  if (provider === null || model === null || written.calls === 0) return null;
  if (content === '' && status !== 'done') return null;
  return {
    provider,
    model,
    promptTokens: promptTokens ?? context.used.tokens + estimatedTokens(kept.length),
    completionTokens: completionTokens ?? estimatedTokens(content.length),
  };
}

/** The text is dear: while the database is away we keep it and try again, until somebody else ended the turn. */
async function end({ log, onError }: RunOptions, lease: Lease, ref: TurnRef, end: TurnEnd): Promise<boolean> {
  let strange = 0;
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 4_000)) {
    try {
      return await finishTurn(log, ref, { lease: lease.owner }, end);
    } catch (error) {
      onError(error);
      const isPassing = error instanceof ChatError && error.reason === 'UNAVAILABLE';
      if (!isPassing) strange += 1;
      if (strange >= STRANGE_FAILURES_AT_MOST || lease.isClosing) {
        // The checkpoint is what the turn will be ended with, by the next start or by a sweep.
        await lease.keep();
        return false;
      }
      await pause(waitMs);
    }
  }
}
