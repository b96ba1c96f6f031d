import { backoff } from '../outbox/backoff.ts';
import { networkChance } from '../shell/network-chance.ts';
import { signOut } from './auth-calls.ts';
import { isLeaving } from './leaving.ts';

/**
 * Tells the server of a sign-out as soon as it answers, and starts anew then. Browsers say nothing of a network that comes
 * back past a captive portal: it is tried again by itself, too.
 */
export async function leaveWhenOnline(): Promise<void> {
  for (let tries = 1; isLeaving(); tries += 1) {
    if ((await signOut()) === null) return window.location.replace('/');
    await networkChance(backoff(tries));
  }
}
