import type { Socket } from 'node:net';
import { pingBytes } from './frame.ts';
import type { Sink } from './stream.ts';

/** Writes shared buffers straight to a socket whose HTTP response is delimited by its end. */
export function createSocketSink(socket: Socket): Sink {
  return {
    deliver(_frames, bytes) {
      socket.write(bytes);
    },
    ping() {
      socket.write(pingBytes);
    },
    backlog: () => socket.writableLength,
    drained() {
      if (!socket.writableNeedDrain || socket.destroyed) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          socket.off('drain', done);
          socket.off('close', done);
          resolve();
        };
        socket.on('drain', done);
        socket.on('close', done);
      });
    },
    end() {
      // No `return` event: that would end the client's subscription for good.
      if (socket.writableLength > 0) socket.destroySoon();
      else socket.destroy();
    },
  };
}
