import { setTimeout as delay } from 'node:timers/promises';

/** The checker's own calls are not part of the experiment: they wait while the server is being restarted. */
export async function persist<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries > 200) throw error;
      await delay(50);
    }
  }
}
