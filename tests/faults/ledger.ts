import type { Reason } from '../../protocol/errors.ts';
import type { OutboxOp } from '../../protocol/outbox.ts';

/** `unknown`: the device that wrote it lost its memory, so that it may have happened once or not at all. */
export type Outcome = 'acknowledged' | 'failed' | 'unknown';

export interface SentFile {
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** One change as a person made it on one device. */
export interface Deed {
  device: string;
  /** How often that device had lost its memory before. */
  life: number;
  userId: string;
  op: OutboxOp;
  mutationId: string;
  sessionId: string;
  /**
   * The message that is sent, changed or liked; the person who is added, removed or blocked; the project or memory; of an
   * answer's versions, the first.
   */
  about: string | null;
  /** Text, title, emoji or value, unique where the op takes any text; of a mark, its seq. */
  value: string | null;
  /** When a draft was written, by the device's clock: the newest counts. */
  at?: string;
  /** The files that a message takes along. */
  files?: readonly SentFile[];
  /** The first version of the question that a message is another version of. */
  versionOf?: string;
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

export const nameOf = (deed: Deed) => `${deed.op} ${deed.value ?? ''} of ${deed.device}`;

/** What may have brought somebody into a conversation or out of it: their place there may have begun anew since. */
export function mayHaveMoved(deeds: readonly Deed[], sessionId: string, userId: string): boolean {
  return deeds.some((deed) => {
    if (deed.outcome === 'failed') return false;
    if (deed.op === 'people.block') return deed.about === userId && deed.value === 'on';
    if (deed.sessionId !== sessionId) return false;
    if (deed.op === 'session.leave') return deed.userId === userId;
    return (deed.op === 'session.addMember' || deed.op === 'session.removeMember') && deed.about === userId;
  });
}
