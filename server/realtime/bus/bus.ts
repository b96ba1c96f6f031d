import type { BusMessage } from './bus-message.ts';

/** How nodes of one database hear of each other. It brings hints and passing things, never anything that must arrive. */
export interface Bus {
  /** Tells all other nodes, in the order of the calls; never throws and never waits. Lost while the bus is away. */
  publish(message: BusMessage): void;
  /** Set once, before `open`: hears what other nodes publish. */
  onMessage(listener: (message: BusMessage) => void): void;
  /** Set once, before `open`: called when the bus is there (again), so that what was missed can be asked for. */
  onBack(listener: () => void): void;
  /** Begins to listen. */
  open(): Promise<void>;
  /** Null while other nodes can be heard, or there are none to hear; otherwise what is wrong, in a sentence. */
  complaint(): string | null;
  close(): Promise<void>;
}
