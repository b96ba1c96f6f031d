import type { SendResult } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { Account } from '../domain/account.ts';
import { sendMessage } from '../domain/send-message.ts';
import type { Services } from './services.ts';

/** Sends a message, by whichever way it came; whoever has sent it types it no longer. */
export async function sendAndTypeNoMore(
  { domain, typing }: Services,
  account: Account,
  input: Parsed<'message.send'>,
): Promise<SendResult> {
  const { answerId: _answerId, ...result } = await sendMessage(domain, account, input);
  typing.set(input.sessionId, account.userId, false);
  return result;
}
