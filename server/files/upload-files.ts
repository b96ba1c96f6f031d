import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { copyFile, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttachmentId } from '../../protocol/ids.ts';

/**
 * Where the bytes of files lie: `incoming/` while they arrive (tus keeps a note of its own beside each), `kept/` once
 * they were looked at. Named by the attachment's id alone; what people call a file is never part of a path.
 */
export class UploadFiles {
  readonly incomingDir: string;
  readonly #keptDir: string;

  /** @param directory made when it is not there */
  constructor(directory: string) {
    this.incomingDir = join(directory, 'incoming');
    this.#keptDir = join(directory, 'kept');
    for (const dir of [this.incomingDir, this.#keptDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  incoming(id: AttachmentId): string {
    return join(this.incomingDir, id);
  }

  kept(id: AttachmentId): string {
    return join(this.#keptDir, id);
  }

  thumbnail(id: AttachmentId): string {
    return join(this.#keptDir, `${id}.thumbnail`);
  }

  /** Bytes that have arrived so far; null when nothing was begun. */
  async arrived(id: AttachmentId): Promise<number | null> {
    return sizeOf(this.incoming(id));
  }

  /**
   * From where its upload can go on; null when it is to be begun. tus makes the file before its note: where a process
   * died between the two, nobody could go on with what is there.
   */
  async goesOnFrom(id: AttachmentId): Promise<number | null> {
    const note = await readFile(this.#note(id), 'utf8').catch(orNull);
    return note !== null && isJson(note) ? this.arrived(id) : null;
  }

  #note(id: AttachmentId): string {
    return `${this.incoming(id)}.json`;
  }

  /** Whether its bytes were looked at and are here. */
  async isKept(id: AttachmentId): Promise<boolean> {
    return (await sizeOf(this.kept(id))) !== null;
  }

  /**
   * Sets what arrived aside, to be looked at: a request that is still open, on another node perhaps, may go on writing
   * into what arrived.
   */
  async setAside(id: AttachmentId): Promise<string> {
    const path = this.#aside(id);
    await copyFile(this.incoming(id), path);
    return path;
  }

  /** Keeps what was set aside as it is. Durable once it resolves. */
  async keepAside(id: AttachmentId): Promise<void> {
    await flush(this.#aside(id));
    await rename(this.#aside(id), this.kept(id));
    await flush(this.#keptDir);
  }

  async dropAside(id: AttachmentId): Promise<void> {
    await rm(this.#aside(id), { force: true });
  }

  #aside(id: AttachmentId): string {
    return join(this.#keptDir, `${id}.aside`);
  }

  /** Keeps these bytes instead of what arrived. Durable once it resolves. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const half = `${path}.half`;
    const file = await open(half, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(half, path);
    await flush(this.#keptDir);
  }

  async read(id: AttachmentId): Promise<Buffer | null> {
    return readFile(this.kept(id)).catch(orNull);
  }

  async forgetIncoming(id: AttachmentId): Promise<void> {
    await Promise.all([rm(this.incoming(id), { force: true }), rm(this.#note(id), { force: true })]);
  }

  /** Removes every byte of these; what is not there is no failure. */
  async remove(ids: readonly AttachmentId[]): Promise<void> {
    for (const id of ids) {
      await this.forgetIncoming(id);
      await this.dropAside(id);
      await Promise.all([rm(this.kept(id), { force: true }), rm(this.thumbnail(id), { force: true })]);
    }
  }

  /** Everything that has bytes here, by the first part of its file names. */
  async list(): Promise<Set<string>> {
    const names = await Promise.all([readdir(this.incomingDir), readdir(this.#keptDir)]);
    return new Set(names.flat().map((name) => name.split('.')[0] ?? name));
  }
}

/** SHA-256, in hex. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

export async function sizeOf(path: string): Promise<number | null> {
  const stats = await stat(path).catch(orNull);
  return stats?.size ?? null;
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function orNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
