import type { EphemeralEvent, StateEvent } from '../../protocol/events.ts';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import { accountScope, encodeCursor, sessionScope } from '../log/cursor.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { createFrame, type Frame } from './frame.ts';

export interface FrameMakerOptions {
  epoch: string;
  /** Everything up to here was handed to the streams. */
  position(): number;
  onMade(): void;
}

/** Makes an event into the frame that all who are told it share: the one place where events are serialised. */
export class FrameMaker {
  constructor(private readonly options: FrameMakerOptions) {}

  ofEntry({ audience, payload, pos }: LogEntry): Frame {
    const scope = 'userId' in audience ? accountScope(audience.userId) : sessionScope(audience.sessionId);
    return this.#make(payload, pos, scope);
  }

  forSession(sessionId: SessionId, event: EphemeralEvent): Frame {
    return this.#make(JSON.stringify(event), this.options.position(), sessionScope(sessionId));
  }

  forAccount(userId: UserId, event: EphemeralEvent | StateEvent): Frame {
    return this.#make(JSON.stringify(event), this.options.position(), accountScope(userId));
  }

  #make(payload: string, pos: number, scope: string): Frame {
    this.options.onMade();
    return createFrame(payload, encodeCursor(this.options.epoch, pos, scope));
  }
}
