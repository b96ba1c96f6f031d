import type { ConnectionState } from './connection.ts';
import type { Ephemeral, EphemeralState } from './ephemeral.ts';
import { Store } from './store.ts';

/** From the leading tab to the others; never leaves this browser. */
type Told = { kind: 'connection'; state: ConnectionState } | { kind: 'ephemeral'; state: EphemeralState };

/** What is true only now, in every tab alike: from the stream, or from the tab that holds it. */
export class SharedState {
  readonly connection = new Store<ConnectionState>({ kind: 'connecting', attempt: 0 });
  readonly ephemeral: Store<EphemeralState>;

  /** @param own what this tab hears while it leads */
  constructor(
    private readonly own: Ephemeral,
    private readonly tell: (told: Told) => void,
  ) {
    this.ephemeral = new Store(own.store.get());
  }

  /** Tells the other tabs of every change, for as long as this one leads. Returns what ends it. */
  lead(): () => void {
    const offs = [
      this.connection.subscribe(() => this.#tellConnection()),
      this.own.store.subscribe(() => {
        this.show();
        this.#tellEphemeral();
      }),
    ];
    return () => {
      for (const off of offs) off();
    };
  }

  /** For a tab that has just opened. */
  tellAll(): void {
    this.#tellConnection();
    this.#tellEphemeral();
  }

  /** @param told by another tab of this very code */
  follow(told: unknown): void {
    const { kind, state } = told as Told; // as `tell` was given it
    if (kind === 'connection') this.connection.set(state);
    else this.ephemeral.set(state);
  }

  /** Shows here what this tab itself has learnt. */
  show(): void {
    this.ephemeral.set(this.own.store.get());
  }

  #tellConnection(): void {
    this.tell({ kind: 'connection', state: this.connection.get() });
  }

  #tellEphemeral(): void {
    this.tell({ kind: 'ephemeral', state: this.own.store.get() });
  }
}
