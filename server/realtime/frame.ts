/**
 * One server-sent event in tRPC's format, serialised once and shared by every socket that it goes to.
 * `cursor` and `payload` are kept for subscribers that are not sockets.
 */
export interface Frame {
  bytes: Buffer;
  cursor: string;
  payload: string;
}

/** @param payload the event as JSON text, which never holds a line break */
export function createFrame(payload: string, cursor: string): Frame {
  return { bytes: Buffer.from(`data: ${payload}\nid: ${cursor}\n\n`), cursor, payload };
}

/**
 * tRPC's own client, told so as a stream opens, connects anew from its last id once it has heard nothing for so long, not
 * even a ping (invariant 11): a connection of which only the other half is gone never ends by itself.
 */
export const clientOptions = { reconnectAfterInactivityMs: 40_000 };

export const connectedBytes = Buffer.from(`event: connected\ndata: ${JSON.stringify(clientOptions)}\n\n`);
export const pingBytes = Buffer.from('event: ping\ndata: \n\n');

/** tRPC's own way to end a stream with an error that the client can read. */
export function serializedErrorBytes(errorShape: unknown): Buffer {
  return Buffer.from(`event: serialized-error\ndata: ${JSON.stringify(errorShape)}\n\n`);
}

export function joinBytes(frames: readonly Frame[]): Buffer {
  const [first] = frames;
  return frames.length === 1 && first ? first.bytes : Buffer.concat(frames.map((frame) => frame.bytes));
}
