import type { Bus } from './bus.ts';
import { BusMessage } from './bus-message.ts';

/** Connects nodes that live in one process: the only node of a small installation with nobody, or several in a test. */
export class MemoryBusNetwork {
  #members = new Set<(text: string) => void>();
  #backs = new Set<() => void>();
  /** False: what is published is lost, as with a Redis that is away. */
  isUp = true;

  /** Tells everyone that the bus is there again. */
  back(): void {
    for (const back of this.#backs) back();
  }

  join(): Bus {
    let hear: (message: BusMessage) => void = () => {};
    let back: () => void = () => {};
    // As JSON, and a turn of the event loop later, as over a network.
    const member = (text: string) => void setImmediate(() => hear(BusMessage.parse(JSON.parse(text))));
    return {
      publish: (message) => {
        if (!this.isUp || this.#members.size < 2) return;
        const text = JSON.stringify(message);
        for (const other of this.#members) if (other !== member) other(text);
      },
      onMessage: (listener) => {
        hear = listener;
      },
      onBack: (listener) => {
        back = listener;
      },
      open: async () => {
        this.#members.add(member);
        this.#backs.add(back);
        back();
      },
      complaint: () => (this.isUp ? null : 'The bus is away.'),
      close: async () => {
        this.#members.delete(member);
        this.#backs.delete(back);
      },
    };
  }
}
