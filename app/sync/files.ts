import { ATTACHMENTS_PATH } from '../../protocol/attachments.ts';
import type { AttachmentId, MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { Attachment } from '../../protocol/shapes.ts';
import { FileDb } from '../local-db/file-db.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { DraftPlace, OutboxEntry } from '../local-db/rows.ts';
import { createExclusive } from '../outbox/exclusive.ts';
import { NotStored } from '../outbox/not-stored.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { makePart } from '../parts/part.ts';
import { failureOf, type Trpc, type TrpcOptions } from '../trpc/client.ts';
import { messagesWithoutTheirFiles } from '../uploads/sends-with-files.ts';
import type { Uploader } from '../uploads/uploader.ts';
import { Pictures } from './pictures.ts';
import { Store } from './store.ts';

const uploading = makePart(() => import('../uploads/uploader.ts'));
const downloading = makePart(() => import('./download-file.ts'));

/** A file that is to go with a message, as it will be sent. */
export interface ChosenFile {
  id: AttachmentId;
  name: string;
  type: string;
  content: Blob;
  width: number | null;
  height: number | null;
  preview: string | null;
}

export type FileSize = 'whole' | 'thumbnail';

export interface FilesOptions {
  account: UserId;
  db: LocalDb;
  outbox: Outbox;
  trpc: Trpc;
  connection: Pick<TrpcOptions, 'serverUrl' | 'fetch'>;
}

/** The files of one account on this device: those on their way up, and those that were shown. */
export class Files {
  /** Bytes of each file that the server has, while it goes up. */
  readonly progress = new Store<Readonly<Record<string, number>>>({});
  readonly pictures: Pictures;
  readonly #held: FileDb;
  #uploader: Promise<Uploader> | null = null;
  #isStopped = false;
  readonly #fetch: typeof globalThis.fetch;
  #off: (() => void) | null = null;
  #fetching = new Map<string, Promise<Blob>>();

  constructor(private readonly options: FilesOptions) {
    const { db, connection } = options;
    const { fetch = globalThis.fetch } = connection;
    // Called as a function of its own, which the browser's fetch must not be taken for a method of something else.
    this.#fetch = (input, init) => fetch(input, init);
    this.#held = new FileDb(db.storage, () => db.condition === 'wiped');
    this.pictures = new Pictures({
      blob: (key, path) => this.#heldOr(key, path),
      hold: (key, content) => this.#held.hold(key, content),
    });
  }

  /** For the outbox: what must not go yet. */
  waiting(): Promise<ReadonlySet<MessageId>> {
    return messagesWithoutTheirFiles(this.#held);
  }

  /** For the outbox: whether the files of a send that was refused go up once more. */
  async bringAgain(send: OutboxEntry): Promise<boolean> {
    this.#bringUp();
    const uploader = await this.#uploader?.catch(() => null);
    return (await uploader?.bringUpAgain(send)) ?? false;
  }

  start(): void {
    this.#off = this.options.db.subscribe(['outbox'], () => this.#bringUp());
    this.#bringUp();
  }

  /** The network may be back. */
  resume(): void {
    this.#bringUp();
  }

  async stop(): Promise<void> {
    this.#off?.();
    this.#isStopped = true;
    this.#uploader?.then((uploader) => uploader.close()).catch(() => {});
    this.pictures.close();
    await this.#held.close();
  }

  /**
   * Stores a message with its files and shows it: first the files, then the message that names them, each with strict
   * durability. Throws NotStored; then nothing was written for good, and everything is to stay where it was.
   */
  async send(
    message: { id: MessageId; sessionId: SessionId; content: string; parentId?: MessageId | undefined },
    chosen: readonly ChosenFile[],
    writtenIn: DraftPlace,
  ): Promise<void> {
    const { id: messageId, sessionId } = message;
    const createdAt = new Date().toISOString();
    try {
      await this.#held.addUploads(
        chosen.map(({ id, name, type, content }) => {
          const state = { state: 'waiting' as const, begun: false, createdAt };
          return { id, messageId, sessionId, name, type, content, ...state };
        }),
      );
    } catch (error) {
      throw NotStored.because(error, this.options.db);
    }
    try {
      const attachmentIds = chosen.map((file) => file.id);
      await this.options.outbox.enqueue(
        'message.send',
        { ...message, attachmentIds },
        { attachments: chosen.map(asAttachment), writtenIn },
      );
    } catch (error) {
      for (const { id } of chosen) await this.#held.removeUpload(id).catch(() => {});
      throw error;
    }
    this.#bringUp();
  }

  /** The bytes of a file: what waits here, what was held, or else the server's. Throws what the server said. */
  async blob(id: string, size: FileSize): Promise<Blob> {
    const own = await this.#held.upload(id as AttachmentId).catch(() => null); // looked up only
    if (own) return own.content;
    const key = size === 'whole' ? id : `${id} ${size}`;
    const held = await this.#held.held(id).catch(() => null);
    if (held) return held;
    return this.#heldOr(key, `${ATTACHMENTS_PATH}/${id}${size === 'thumbnail' ? '/thumbnail' : ''}`);
  }

  /** What brings files up comes after the first screen; without a network there is nothing for it to do. */
  #bringUp(): void {
    this.#uploader ??= this.#makeUploader();
    this.#uploader.then(
      (uploader) => void uploader.run(),
      () => {
        this.#uploader = null;
      },
    );
  }

  async #makeUploader(): Promise<Uploader> {
    const { TURN_FROZEN_MS, Uploader } = await uploading.fetch();
    const { account, db, outbox, trpc, connection } = this.options;
    const uploader = new Uploader({
      files: this.#held,
      storage: db.storage,
      account,
      serverUrl: connection.serverUrl,
      fetch: this.#fetch,
      exclusive: createExclusive(TURN_FROZEN_MS),
      listOutbox: () => db.listOutbox(),
      finish: (id) => trpc.attachment.finish.mutate({ id }),
      failureOf,
      onReady: () => void outbox.drain(),
      onRefused: (messageId, failure) => outbox.refuse(messageId, failure),
      onProgress: (id, sent) => this.#tell(id, sent),
    });
    if (this.#isStopped) uploader.close();
    return uploader;
  }

  async #heldOr(key: string, path: string): Promise<Blob> {
    const held = await this.#held.held(key).catch(() => null);
    if (held) return held;
    let fetching = this.#fetching.get(key);
    if (!fetching) {
      fetching = this.#download(key, path).finally(() => this.#fetching.delete(key));
      this.#fetching.set(key, fetching);
    }
    return fetching;
  }

  async #download(key: string, path: string): Promise<Blob> {
    const { account, connection } = this.options;
    const { downloadFile } = await downloading.fetch();
    const content = await downloadFile(this.#fetch, `${connection.serverUrl ?? ''}${path}`, account);
    await this.#held.hold(key, content);
    return content;
  }

  #tell(id: AttachmentId, sent: number | null): void {
    const { [id]: _before, ...others } = this.progress.get();
    this.progress.set(sent === null ? others : { ...others, [id]: sent });
  }
}

function asAttachment({ id, name, type, content, width, height, preview }: ChosenFile): Attachment {
  const mimeType = type || 'application/octet-stream';
  return { id, name, mimeType, bytes: content.size, width, height, preview, hasThumbnail: false };
}
