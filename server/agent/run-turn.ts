import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ChatError } from '../../protocol/errors.ts';
import { AGENT_ID, type MessageId, type SessionId } from '../../protocol/ids.ts';
import type { Log } from '../log/log.ts';
import type { Live } from '../realtime/live.ts';
import type { Database } from '../store/database.ts';
import { Coalescer } from './coalescer.ts';
import { readContext } from './context.ts';
import { finishTurn, nothingWritten, type TurnEnd, type TurnRef } from './finish-turn.ts';
import type { Lease } from './lease.ts';
import { forgetAsked } from './memory/forget-asked.ts';
import type { Provider } from './providers/provider.ts';
import { type AnswerLimits, writeAnswer } from './write-answer.ts';

export interface RunOptions {
  database: Database;
  log: Log;
  hub: Live;
  provider: Provider;
  limits: AnswerLimits;
  logger: Logger;
  onError(error: unknown): void;
}

const STRANGE_FAILURES_AT_MOST = 3;

/**
 * Writes one claimed answer: reads the context, lets the model speak, tells devices as it speaks, and ends the turn.
 * @returns true when the answer stands; false for every other end, and when the turn is no longer ours
 */
export async function runTurn(options: RunOptions, lease: Lease): Promise<boolean> {
  const { database, log, hub, provider, onError } = options;
  const { turn } = lease;
  // Written through their schemas.
  const ref = { messageId: turn.messageId as MessageId, sessionId: turn.sessionId as SessionId };
  // A run that died here or lost its hold may have told a beginning; this one begins anew.
  hub.beginAnswer(ref.sessionId, ref.messageId);
  const seen = { deliveredSeq: turn.questionSeq, readSeq: turn.questionSeq };
  log.mark({ sessionId: turn.sessionId, userId: AGENT_ID, ...seen }).catch(onError);
  const coalescer = new Coalescer((piece) => hub.extendAnswer(ref.sessionId, ref.messageId, piece));
  let text = '';
  try {
    await forgetAsked(database, log, turn);
    const context = await readContext(database, turn);
    if (!context) return await end(options, lease, ref, { ...nothingWritten, status: 'stopped' });
    const [speaker] = provider.chain;
    const tell = (piece: string) => {
      text += piece;
      coalescer.add(piece);
      lease.note(text);
    };
    const written = await writeAnswer(speaker, context, lease.halted.signal, options.limits, tell);
    const { facts, calls, ...record } = written;
    if (lease.haltReason === 'lost') return false;
    if (lease.haltReason === 'hand-back') {
      if (text === '') {
        await lease.handBack();
        return false;
      }
      record.status = 'interrupted';
      record.error = 'The server was restarted while this was being written. Ask for the rest.';
    }
    coalescer.flush();
    const isOurs = await end(options, lease, ref, { ...record, contextUsed: context.used });
    const { status, aiResponseTime, timeToFirstTokenMs, completionTokens } = record;
    options.logger.info(
      { turn: ref.messageId, status, aiResponseTime, timeToFirstTokenMs, completionTokens, calls, facts },
      'turn ended',
    );
    return isOurs && status === 'done';
  } catch (error) {
    onError(error);
    const sentence = 'Something went wrong on our side while this was being written. Try again.';
    coalescer.flush();
    await end(options, lease, ref, { ...nothingWritten, content: text, status: 'failed', error: sentence });
    return false;
  } finally {
    coalescer.drop();
    await lease.release();
  }
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
