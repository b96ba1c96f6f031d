import { ATTACHMENTS_PATH } from '../../protocol/attachments.ts';
import { ChatError, Failure } from '../../protocol/errors.ts';
import { patientFetch } from '../trpc/patient-fetch.ts';

/** One file to be brought up. */
export interface UploadFile {
  id: string;
  sessionId: string;
  name: string;
  type: string;
  content: Blob;
}

export interface UploadOptions {
  /** Origin of the server; empty for the page's own. */
  serverUrl?: string;
  fetch: typeof globalThis.fetch;
  /** Whose upload this is (invariant 25). */
  account: string;
  /** Whether the server may have heard of it before. */
  wasBegun: boolean;
  /** Told how many bytes the server has. */
  onProgress(sent: number): void;
  /** Gives up: what has arrived stays. */
  signal: AbortSignal;
  /** Begins no further piece after this moment, in milliseconds since 1970. */
  until?: number;
}

const FIRST_PIECE = 128 * 1024;
const LARGEST_PIECE = 4 * 1024 * 1024;
const SMALLEST_PIECE = 16 * 1024;
/** Pieces grow and shrink until each takes about this long: the most that a cut can cost. Milliseconds. */
const PIECE_MS = 4_000;
/** One piece gets this long before its connection counts as dead. Milliseconds. */
const PIECE_PATIENCE_MS = 60_000;

/**
 * Brings a file's bytes to the server by tus 1.0.0, from wherever the server says that it stopped. With fetch, so that
 * the service worker can do it too. Throws a ChatError with what the server said, and whatever fetch throws when the
 * network is away: call again then.
 * @returns whether every byte is there; false when its time was over, after one piece at least
 */
export async function uploadByTus(file: UploadFile, options: UploadOptions): Promise<boolean> {
  const { until = Number.POSITIVE_INFINITY } = options;
  const total = file.content.size;
  let piece = Math.min(total, FIRST_PIECE);
  let offset: number | null = options.wasBegun ? await askOffset(file, options) : null;
  for (let pieces = 0; ; pieces += 1) {
    if (offset !== null) options.onProgress(offset);
    if (offset !== null && offset >= total) return true;
    const started = Date.now();
    if (pieces > 0 && started >= until) return false;
    offset = offset === null ? await begin(file, piece, options) : await go(file, offset, piece, options);
    const took = Date.now() - started;
    const fits = piece * (PIECE_MS / Math.max(1, took));
    piece = Math.round(Math.min(LARGEST_PIECE, piece * 2, Math.max(SMALLEST_PIECE, fits)));
  }
}

/** The server's word on how much it has; null when it knows nothing of this upload. */
async function askOffset(file: UploadFile, options: UploadOptions): Promise<number | null> {
  const response = await call(options, 'HEAD', `/${file.id}`, {});
  if (response.status === 404 || response.status === 410) return null;
  return offsetOf(response);
}

async function begin(file: UploadFile, piece: number, options: UploadOptions): Promise<number> {
  const metadata = { id: file.id, sessionId: file.sessionId, name: file.name, type: file.type };
  const headers = {
    'Upload-Length': String(file.content.size),
    'Upload-Metadata': Object.entries(metadata)
      .map(([key, value]) => `${key} ${base64(value)}`)
      .join(','),
    'Content-Type': 'application/offset+octet-stream',
  };
  const response = await call(options, 'POST', '', headers, file.content.slice(0, piece));
  // Begun before, in a request whose answer was lost.
  if (response.status === 409 && response.headers.has('Upload-Offset')) return offsetOf(response, false);
  return offsetOf(response);
}

async function go(file: UploadFile, offset: number, piece: number, options: UploadOptions): Promise<number> {
  const headers = { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' };
  const body = file.content.slice(offset, offset + piece);
  const response = await call(options, 'PATCH', `/${file.id}`, headers, body);
  // It has more, or less, than we thought.
  if (response.status === 409) return (await askOffset(file, options)) ?? 0;
  return offsetOf(response);
}

async function offsetOf(response: Response, mustBeFine = true): Promise<number> {
  if (mustBeFine && !response.ok) throw await failureOf(response);
  const offset = Number(response.headers.get('Upload-Offset') ?? Number.NaN);
  // A captive portal answers 200 too, without knowing how to count.
  if (!Number.isInteger(offset) || !response.headers.has('Tus-Resumable')) throw notOurs();
  return offset;
}

async function failureOf(response: Response): Promise<ChatError> {
  const body: unknown = await response.json().catch(() => null);
  const { error, ...rest } = (body ?? {}) as { error?: unknown }; // read by the schema in the next line
  const failure = Failure.safeParse({ ...rest, message: error });
  if (!failure.success) return notOurs();
  const { reason, message, retryAfterMs, issues } = failure.data;
  return new ChatError(reason, message, {
    ...(retryAfterMs ? { retryAfterMs } : {}),
    ...(issues ? { issues } : {}),
  });
}

const notOurs = () =>
  new ChatError('UNAVAILABLE', 'Something between us and the server answered instead of it.');

async function call(
  options: UploadOptions,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: Blob,
): Promise<Response> {
  const patient = body ? patientFetch(options.fetch, PIECE_PATIENCE_MS) : patientFetch(options.fetch);
  return patient(`${options.serverUrl ?? ''}${ATTACHMENTS_PATH}${path}`, {
    method,
    headers: { 'Tus-Resumable': '1.0.0', 'x-account': options.account, ...headers },
    signal: options.signal,
    ...(body ? { body } : {}),
  });
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
