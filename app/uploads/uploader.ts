import { ATTACHMENTS_PATH } from '../../protocol/attachments.ts';
import { ChatError, type Failure } from '../../protocol/errors.ts';
import type { AttachmentId, MessageId, MutationId, UserId } from '../../protocol/ids.ts';
import type { FileDb, UploadRow } from '../local-db/file-db.ts';
import type { OutboxEntry } from '../local-db/rows.ts';
import { backoff } from '../outbox/backoff.ts';
import { attachmentIdsOf } from '../outbox/entries.ts';
import type { Exclusive } from '../outbox/exclusive.ts';
import { patientFetch } from '../trpc/patient-fetch.ts';
import { uploadByTus } from './tus-upload.ts';

export interface UploaderOptions {
  files: FileDb;
  /** Names the lock that all tabs and the service worker share. */
  storage: string;
  account: UserId;
  serverUrl?: string | undefined;
  fetch: typeof globalThis.fetch;
  exclusive: Exclusive;
  listOutbox(): Promise<OutboxEntry[]>;
  /** All the bytes are there: the server looks at them. */
  finish(id: AttachmentId): Promise<unknown>;
  failureOf(error: unknown): Failure | null;
  /** A message's files are all there: it may go. */
  onReady(): void;
  /** The server won't have a file: its message is not sent, and says why. */
  onRefused(messageId: MessageId, failure: Failure): Promise<void>;
  onProgress(id: AttachmentId, sent: number | null): void;
}

/** Rows are written before their message is: so long one may stand without it. Milliseconds. */
const MESSAGE_COMES_MS = 60_000;
/** After so long it gives the lock back, and takes it anew: whoever else is there goes on with the same file. */
const TURN_MS = 20_000;
/**
 * Longer than a turn takes with the most patience for each of its last calls: forgetting, a question and a piece and
 * a question, a finish. Two at once do no harm, for the server tells whoever comes second how far the first one came.
 */
export const TURN_FROZEN_MS = 240_000;

/**
 * Brings up the files of waiting messages, in the order in which the messages were written, one after the other.
 * Resumes where it was cut off; a network that is away costs a pause, never a byte that has arrived. Behind one lock for
 * all tabs and the service worker, which is held for one turn, so that a tab that is frozen can be told from a busy one.
 */
export class Uploader {
  #running: Promise<void> | null = null;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  /** Whose progress is shown though its turn was over. */
  #unfinished = new Set<AttachmentId>();
  #broughtAgain = new Set<MutationId>();
  #stop = new AbortController();
  #current: { id: AttachmentId; abort: AbortController } | null = null;

  constructor(private readonly options: UploaderOptions) {}

  /** Brings up everything that waits. Safe to call at any time, from anywhere. */
  run(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stop.signal.aborted) return Promise.resolve();
    if (this.#running) {
      this.#again = true;
      void this.#dropCancelled();
      return this.#running;
    }
    this.#running = this.#takeTurns()
      .catch(() => this.#later(null))
      .finally(() => {
        this.#running = null;
        // Asked for after the last look, while the lock was being given back.
        if (this.#again && this.#timer === null) void this.run();
      });
    return this.#running;
  }

  /**
   * A send was refused for something that is not there: after days the server clears away what no message took along.
   * Its files go up once more while they are still here. Refused so twice in a row, it is not for them.
   * @returns whether its message waits for them again
   */
  async bringUpAgain(send: OutboxEntry): Promise<boolean> {
    const { files } = this.options;
    const ids = attachmentIdsOf(send);
    const held = new Set((await files.uploads()).map((row) => row.id));
    const isHere = ids.length > 0 && ids.every((id) => held.has(id));
    if (!isHere || this.#broughtAgain.delete(send.mutationId)) return false;
    for (const id of ids) await files.markUpload(id, { state: 'waiting' });
    this.#broughtAgain.add(send.mutationId);
    void this.run();
    return true;
  }

  close(): void {
    this.#stop.abort(new DOMException('Closed', 'AbortError'));
    this.#current?.abort.abort();
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #takeTurns(): Promise<void> {
    const { exclusive, storage } = this.options;
    do {
      await exclusive(`${storage}:uploads`, async () => {
        this.#again = false;
        if (!this.#stop.signal.aborted) await this.#pass(Date.now() + TURN_MS);
      });
    } while (this.#again && this.#timer === null && !this.#stop.signal.aborted);
  }

  /** @param until when the turn is over, in milliseconds since 1970 */
  async #pass(until: number): Promise<void> {
    const { files, listOutbox, onProgress, onReady } = this.options;
    const entries = await listOutbox();
    const rows = new Map((await files.uploads()).map((row) => [row.id, row]));
    await this.#forget([...rows.values()], entries);
    let hasGone = false;
    for (const entry of entries) {
      if (entry.state !== 'queued') continue;
      const ids = attachmentIdsOf(entry);
      for (const id of ids) {
        const row = rows.get(id);
        // Another tab may have brought up what this one began.
        if (row?.state === 'ready' && this.#unfinished.delete(id)) onProgress(id, null);
        if (row?.state !== 'waiting') continue;
        if (hasGone && Date.now() >= until) {
          this.#again = true;
          return;
        }
        if (!(await this.#bringUp(row, until))) return;
        hasGone = true;
      }
      if (ids.length > 0) onReady();
    }
  }

  /** @returns whether to go on with what is next */
  async #bringUp(row: UploadRow, until: number): Promise<boolean> {
    const { files, fetch, account, serverUrl, failureOf, finish, onProgress, onRefused } = this.options;
    const abort = new AbortController();
    this.#current = { id: row.id, abort };
    this.#unfinished.delete(row.id);
    try {
      if (!row.begun) await files.markUpload(row.id, { begun: true });
      const isThere = await uploadByTus(row, {
        ...(serverUrl === undefined ? {} : { serverUrl }),
        fetch,
        account,
        wasBegun: row.begun,
        onProgress: (sent) => onProgress(row.id, sent),
        signal: abort.signal,
        until,
      });
      if (!isThere) {
        this.#unfinished.add(row.id);
        this.#again = true;
        return false;
      }
      await finish(row.id);
      await files.markUpload(row.id, { state: 'ready' });
      this.#failures = 0;
      return true;
    } catch (error) {
      if (this.#stop.signal.aborted) return false;
      // Taken back meanwhile: the next pass forgets it.
      if (abort.signal.aborted) this.#again = true;
      const failure = error instanceof ChatError ? error.toFailure() : failureOf(error);
      if (abort.signal.aborted || failure?.reason === 'UNAUTHENTICATED') return false;
      if (failure && !failure.retryable && failure.reason !== 'CONFLICT') {
        await onRefused(row.messageId, failure);
        return true;
      }
      this.#later(failure);
      return false;
    } finally {
      this.#current = null;
      if (!this.#unfinished.has(row.id)) onProgress(row.id, null);
    }
  }

  /** What was sent is held for showing it again; what was given up is given up on the server, too. */
  async #forget(rows: readonly UploadRow[], entries: readonly OutboxEntry[]): Promise<void> {
    const { files, fetch, serverUrl = '', account } = this.options;
    // What never answers would hold up everything behind it, for as long as the page lives.
    const patient = patientFetch(fetch);
    const wanted = new Set<string>(entries.flatMap(attachmentIdsOf));
    const forget = async (row: UploadRow) => {
      if (row.state === 'ready') await files.hold(row.id, row.content);
      else if (row.begun) {
        const headers = { 'Tus-Resumable': '1.0.0', 'x-account': account };
        await patient(`${serverUrl}${ATTACHMENTS_PATH}/${row.id}`, { method: 'DELETE', headers }).catch(
          () => {},
        );
      }
      await files.removeUpload(row.id);
    };
    const isNew = (row: UploadRow) => Date.now() - Date.parse(row.createdAt) < MESSAGE_COMES_MS;
    // All at once: a turn has to end, whatever is not answered.
    await Promise.all(rows.filter((row) => !wanted.has(row.id) && !isNew(row)).map(forget));
  }

  async #dropCancelled(): Promise<void> {
    const { current } = { current: this.#current };
    if (!current) return;
    const wanted = (await this.options.listOutbox()).flatMap(attachmentIdsOf);
    if (!wanted.includes(current.id)) current.abort.abort(new DOMException('Cancelled', 'AbortError'));
  }

  #later(failure: Failure | null): void {
    if (this.#stop.signal.aborted) return;
    this.#failures += 1;
    const pause = Math.max(failure?.retryAfterMs ?? 0, backoff(this.#failures));
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run(), pause);
  }
}
