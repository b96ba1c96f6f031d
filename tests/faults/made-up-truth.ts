import { type Deed, type Findings, isClean } from './ledger.ts';
import type { TrueEvent, TrueMessage, Truth } from './truth.ts';

/** What Ada did on her phone. */
export const deed = (about: string, value: string, more: Partial<Deed> = {}): Deed => ({
  device: 'phone',
  life: 0,
  userId: 'ada',
  op: 'message.send',
  mutationId: value,
  sessionId: 's',
  about,
  value,
  outcome: 'acknowledged',
  reason: null,
  ...more,
});

export const message = (id: string, seq: number, content: string): TrueMessage => ({
  id,
  sessionId: 's',
  seq,
  userId: 'ada',
  content,
  isDeleted: false,
  isPinned: false,
  branchOf: null,
  turnStatus: null,
  questionId: null,
  version: null,
  files: [],
  reactions: new Set(),
  feedback: new Map(),
});

export const created = (about: string, seq: number): TrueEvent => ({
  seq,
  type: 'message.created',
  about,
  detail: null,
});

/** A conversation with these messages, from seq 1 on, and what else happened. */
export function truth(messages: TrueMessage[], more: TrueEvent[] = []): Truth {
  const members = new Map([['ada', { role: 'owner', readSeq: 0 }]]);
  const events = [...messages.map((one) => created(one.id, one.seq)), ...more];
  return {
    sessions: new Map([
      ['s', { id: 's', title: 'Team', lastSeq: events.length, members, forks: {}, events }],
    ]),
    messages: new Map(messages.map((one) => [one.id, one])),
    drafts: new Map(),
    names: new Map(),
    kept: new Map(),
    stars: new Set(),
    reports: [],
    blocks: new Set(),
    mine: new Map(),
    threadMarks: new Map(),
  };
}

export const onlyIn = (findings: Findings, kind: keyof Findings) =>
  findings[kind].length > 0 && isClean({ ...findings, [kind]: [] });
