import { backoff } from '../outbox/backoff.ts';
import { networkChance } from '../shell/network-chance.ts';
import { signOut } from './auth-calls.ts';
import { isLeaving } from './leaving.ts';

/**
 * Tells the server of a sign-out as soon as it answers, and starts anew then; also where another tab has told it
 * meanwhile, or somebody has signed in there. Browsers say nothing of a network that comes back past a captive portal:
 * it is tried again by itself, too.
 */
export async function leaveWhenOnline(): Promise<void> {
  for (let tries = 1; isLeaving() && (await signOut()) !== null; tries += 1)
    await networkChance(backoff(tries));
  window.location.replace('/');
}
