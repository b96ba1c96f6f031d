/** What this worker uses of its global scope; TypeScript's own library for workers contradicts the one for pages. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
  /** The browser will not try again after this one. */
  readonly lastChance: boolean;
}

interface MessageFromPage extends ExtendableEvent {
  readonly data: unknown;
}

export interface WorkerScope {
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'sync', listener: (event: SyncEvent) => void): void;
  addEventListener(type: 'message', listener: (event: MessageFromPage) => void): void;
}

declare global {
  interface Window {
    /** Files to precache: written into the built worker by workbox-build. */
    readonly __WB_MANIFEST: { url: string; revision: string | null }[];
  }
}
