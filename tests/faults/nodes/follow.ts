import { setTimeout as delay } from 'node:timers/promises';
import { ChatEvent } from '../../../protocol/events.ts';
import { decodeFrames } from '../../support/listen.ts';
import { openRawStream, type RawStream } from './raw-stream.ts';

export interface Follower {
  /** What was said, in the order in which it came. */
  contents(): string[];
  /** How often the stream broke and was taken up from its cursor. */
  breaks(): number;
  /** Resolves once this was said. */
  until(content: string): Promise<void>;
  close(): Promise<void>;
}

/** A stream that comes back from its cursor whenever it breaks, as the app's does. */
export async function follow(serverUrl: string, cookie: string): Promise<Follower> {
  const events: ChatEvent[] = [];
  const waiting = new Set<() => void>();
  let cursor: string | undefined;
  let breaks = 0;
  let isClosed = false;
  let stream: RawStream = await openRawStream(serverUrl, cookie);
  await stream.until('caught-up');
  const take = (text: string, from: number) => {
    // A frame that was cut off in its middle comes again, after the cursor of the last whole one.
    const end = text.lastIndexOf('\n\n');
    for (const { data, id } of decodeFrames(end < from ? '' : text.slice(from, end))) {
      const parsed = data === '' ? null : ChatEvent.safeParse(JSON.parse(data));
      if (parsed?.success) events.push(parsed.data);
      if (id) cursor = id;
    }
    for (const look of [...waiting]) look();
    return Math.max(from, end + 2);
  };
  const contents = () =>
    events.flatMap((event) => (event.type === 'message.created' ? [event.message.content] : []));
  const following = (async () => {
    while (!isClosed) {
      let from = 0;
      const off = stream.onText((text) => {
        from = take(text, from);
      });
      await stream.ended(120_000);
      off();
      if (isClosed) return;
      breaks += 1;
      await delay(20);
      stream = await openRawStream(serverUrl, cookie, cursor);
    }
  })();
  return {
    contents,
    breaks: () => breaks,
    until: (content) =>
      new Promise((resolve) => {
        const look = () => {
          if (!contents().includes(content)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    async close() {
      isClosed = true;
      stream.close();
      await following;
    },
  };
}
