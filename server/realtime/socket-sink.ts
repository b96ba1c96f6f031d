import type { Socket } from 'node:net';
import { type Frame, pingBytes } from './frame.ts';
import type { Sink } from './stream.ts';

/** A replay is given up when its reader takes nothing for this long. */
const STALLED_MS = 60_000;
/** What is on its way when a stream ends has this long to arrive. */
const LAST_WORDS_MS = 5_000;

/** Writes shared buffers straight to a socket whose HTTP response is delimited by its end. */
export class SocketSink implements Sink {
  constructor(private readonly socket: Socket) {}

  deliver(_frames: readonly Frame[], bytes: Buffer): void {
    this.socket.write(bytes);
  }

  ping(): void {
    this.socket.write(pingBytes);
  }

  backlog(): number {
    return this.socket.writableLength;
  }

  drained(): Promise<void> {
    const { socket } = this;
    if (!socket.writableNeedDrain || socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      // Restarts itself as long as bytes go out.
      const giveUp = () => socket.destroy();
      socket.setTimeout(STALLED_MS, giveUp);
      const done = () => {
        socket.setTimeout(0, giveUp);
        socket.off('drain', done);
        socket.off('close', done);
        resolve();
      };
      socket.on('drain', done);
      socket.on('close', done);
    });
  }

  end(): void {
    // No `return` event: that would end the client's subscription for good.
    if (this.socket.writableLength === 0) {
      this.socket.destroy();
      return;
    }
    this.socket.destroySoon();
    setTimeout(() => this.drop(), LAST_WORDS_MS).unref();
  }

  drop(): void {
    this.socket.destroy();
  }
}
