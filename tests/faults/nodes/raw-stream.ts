import { request } from 'node:http';

export interface RawStream {
  /** Everything that has come so far. */
  text(): string;
  /** Calls with everything so far, now and whenever more has come. Returns what ends that. */
  onText(listener: (text: string) => void): () => void;
  /** Resolves once this text has come. */
  until(text: string): Promise<void>;
  /** Resolves once the server has closed it; rejects when it has not by then. */
  ended(withinMs: number): Promise<void>;
  close(): void;
}

/** An event stream as its bytes, that does not come back by itself. */
export async function openRawStream(serverUrl: string, cookie: string, cursor?: string): Promise<RawStream> {
  let text = '';
  const waiting = new Set<() => void>();
  const input = encodeURIComponent(JSON.stringify(cursor ? { cursor } : {}));
  const call = request(`${serverUrl}/trpc/events.subscribe?input=${input}`, {
    headers: { cookie, accept: 'text/event-stream' },
  });
  const ended = new Promise<void>((resolve) => {
    call.on('error', () => resolve());
    call.on('close', resolve);
    call.on('response', (response) => {
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        for (const look of [...waiting]) look();
      });
      response.on('error', () => resolve());
      response.on('close', resolve);
    });
  });
  call.end();
  return {
    text: () => text,
    onText: (listener) => {
      const look = () => listener(text);
      waiting.add(look);
      look();
      return () => waiting.delete(look);
    },
    until: (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          if (!text.includes(wanted)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    ended: (withinMs) =>
      Promise.race([
        ended,
        new Promise<never>((_, reject) =>
          setTimeout(() => reject(new Error(`Still open after ${withinMs} ms`)), withinMs).unref(),
        ),
      ]),
    close: () => call.destroy(),
  };
}
