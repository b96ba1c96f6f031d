import { newPictureId, type PictureId } from '../../protocol/ids.ts';
import { type NewPicture, PICTURES_PATH } from '../../protocol/picture.ts';
import { askUntilAnswered } from './ask-until-answered.ts';
import { Store } from './store.ts';

export interface PicturesOptions {
  /** Bytes that this device holds, or else the server's. Fails when neither can be had now. */
  blob(key: string, path: string): Promise<Blob>;
  hold(key: string, content: Blob): Promise<void>;
}

const keyOf = (id: PictureId) => `picture ${id}`;

/** Pictures of people and groups: small, asked for once, and there at once wherever they stand again. */
export class Pictures {
  /** Addresses in this page, by the pictures' ids. */
  readonly urls = new Store<Readonly<Record<PictureId, string>>>({});
  /** Those that are on their way. */
  #asked = new Map<PictureId, { stop(): void; hasFailed: boolean }>();

  constructor(private readonly options: PicturesOptions) {}

  /** Sees to it that a picture gets an address, now or once it can be had; initials stand there meanwhile. */
  want(id: PictureId): void {
    const before = this.#asked.get(id);
    if (id in this.urls.get() || before?.hasFailed === false) return;
    before?.stop();
    const stop = askUntilAnswered(
      () => this.options.blob(keyOf(id), `${PICTURES_PATH}/${id}`),
      (content) => {
        this.#asked.delete(id);
        this.#show(id, content);
      },
      () => {
        asked.hasFailed = true;
      },
    );
    const asked = { stop, hasFailed: false };
    this.#asked.set(id, asked);
  }

  /** Holds a picture that was chosen here, shows it, and says how it goes up. */
  async choose(square: Blob): Promise<NewPicture> {
    const id = newPictureId();
    await this.options.hold(keyOf(id), square);
    this.#show(id, square);
    let bytes = '';
    for (const byte of new Uint8Array(await square.arrayBuffer())) bytes += String.fromCharCode(byte);
    return { id, data: btoa(bytes) };
  }

  close(): void {
    for (const { stop } of this.#asked.values()) stop();
    this.#asked.clear();
    for (const url of Object.values(this.urls.get())) URL.revokeObjectURL(url);
    this.urls.set({});
  }

  #show(id: PictureId, content: Blob): void {
    this.urls.set({ ...this.urls.get(), [id]: URL.createObjectURL(content) });
  }
}
