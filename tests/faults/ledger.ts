import type { Reason } from '../../protocol/errors.ts';
import type { OutboxOp } from '../../protocol/outbox.ts';

/** `unknown`: the device that wrote it lost its memory, so that it may have happened once or not at all. */
export type Outcome = 'acknowledged' | 'failed' | 'unknown';

/** One change as a person made it on one device. */
export interface Deed {
  device: string;
  /** How often that device had lost its memory before. */
  life: number;
  userId: string;
  op: OutboxOp;
  mutationId: string;
  sessionId: string;
  /** The message that is sent, changed or liked; the person who is added or removed; the project or memory. */
  about: string | null;
  /** Text, title, emoji or value, unique where the op takes any text. */
  value: string | null;
  outcome: Outcome;
  /** Why it failed. */
  reason: Reason | null;
}

export interface Findings {
  lost: string[];
  doubled: string[];
  reordered: string[];
  /** Copies that differ from the server's. */
  stale: string[];
  invented: string[];
}

export const noFindings = (): Findings => ({ lost: [], doubled: [], reordered: [], stale: [], invented: [] });

export const isClean = (findings: Findings) => Object.values(findings).every((list) => list.length === 0);
