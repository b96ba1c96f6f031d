import { describe, expect, it } from 'vitest';
import { type OutboxOp, outboxOps } from '../../protocol/outbox.ts';
import { check } from './checker.ts';
import { type Deed, type Findings, isClean } from './ledger.ts';
import { created, deed, message, truth } from './made-up-truth.ts';
import { drawnOps } from './operations.ts';
import type { TrueEvent, TrueMessage, Truth } from './truth.ts';

/** One kind of change: what was done, how the database stands after it, and how it must not stand. */
interface Row {
  deeds: Deed[];
  right: Truth;
  /** Each: what went wrong, how it stands then, and under what the checker reports it. */
  wrong: [what: 'lost' | 'doubled' | 'undone' | 'invented', truth: Truth, reported: keyof Findings][];
}

const said = message('1', 1, 'a');
const saying = deed('1', 'a');
/** A conversation in which one thing was said, and what else is so. */
const withSaid = (more: Partial<TrueMessage> = {}, events: TrueEvent[] = []) =>
  truth([{ ...said, ...more }], events);
const event = (type: string, seq: number, about: string | null, detail: string | null = null): TrueEvent => ({
  seq,
  type,
  about,
  detail,
});

/** Something of the database itself. */
const where = (more: Partial<Truth>, base: Truth = withSaid()): Truth => ({ ...base, ...more });
const inSession = (
  more: Partial<NonNullable<ReturnType<Truth['sessions']['get']>>>,
  base: Truth = withSaid(),
): Truth => {
  const session = base.sessions.get('s');
  return session ? { ...base, sessions: new Map([['s', { ...session, ...more }]]) } : base;
};

/** Answers to the same question, the first of them first. */
const answered = (versions: number, more: Partial<TrueMessage> = {}, shown = `v${versions}`): Truth => {
  const answers = Array.from({ length: versions }, (_, index) => ({
    ...message(`v${index + 1}`, index + 2, ''),
    userId: 'ai-agent',
    turnStatus: 'done',
    questionId: '1',
    version: index + 1,
    ...more,
  }));
  const all = answers.map(({ id }) => id);
  const ends = all.map((id, index) => event('message.completed', versions + 2 + index, id));
  const base = truth([said, ...answers], ends);
  return inSession({ forks: versions > 1 ? { v1: { all, shown } } : {} }, base);
};

const members = (role: string | null, readSeq = 0) =>
  new Map([
    ['ada', { role: 'owner', readSeq }],
    ...(role === null ? [] : [['ben', { role, readSeq: 0 }] as const]),
  ]);

const of = (op: OutboxOp, about: string | null, value: string | null, more: Partial<Deed> = {}): Deed => ({
  ...deed('', '', { op, mutationId: `${op} ${value}`, ...more }),
  about,
  value,
});
const mine = (pinned: boolean) => new Map([['ada s', { pinned, mutedUntil: null, markedUnread: false }]]);
const at = (minute: number) => `2026-11-25T08:0${minute}:00.000Z`;
const kept = (words: string | null | undefined) => new Map(words === undefined ? [] : [['p', words]]);

const rows: Record<OutboxOp, Row> = {
  'message.send': {
    deeds: [{ ...saying, files: [{ id: 'f', bytes: new Uint8Array(3) }] }],
    right: withSaid({ files: [{ id: 'f', bytes: 3 }] }),
    wrong: [
      ['lost', truth([]), 'lost'],
      ['lost', withSaid(), 'lost'],
      ['lost', withSaid({ files: [{ id: 'f', bytes: 2 }] }), 'lost'],
      ['doubled', withSaid({ files: [1, 2].map(() => ({ id: 'f', bytes: 3 })) }), 'doubled'],
      ['doubled', withSaid({ files: [{ id: 'f', bytes: 3 }] }, [created('1', 2)]), 'doubled'],
      ['invented', withSaid({ files: ['f', 'g'].map((id) => ({ id, bytes: 3 })) }), 'invented'],
    ],
  },
  'message.forward': {
    deeds: [saying, of('message.forward', '2', null)],
    right: truth([said, message('2', 2, 'a')]),
    wrong: [
      ['lost', withSaid(), 'lost'],
      ['doubled', truth([said, message('2', 2, 'a')], [created('2', 3)]), 'doubled'],
    ],
  },
  'message.edit': {
    deeds: [saying, of('message.edit', '1', 'b'), of('message.edit', '1', 'c')],
    right: withSaid({ content: 'c' }, [event('message.edited', 2, '1'), event('message.edited', 3, '1')]),
    wrong: [
      ['lost', withSaid({ content: 'c' }, [event('message.edited', 2, '1')]), 'lost'],
      [
        'undone',
        withSaid({ content: 'b' }, [event('message.edited', 2, '1'), event('message.edited', 3, '1')]),
        'stale',
      ],
    ],
  },
  'message.delete': {
    deeds: [saying, of('message.delete', '1', null)],
    right: withSaid({ isDeleted: true, content: '' }, [event('message.deleted', 2, '1')]),
    wrong: [['lost', withSaid(), 'lost']],
  },
  'message.react': {
    deeds: [saying, of('message.react', '1', '👍 on')],
    right: withSaid({ reactions: new Set(['👍 ada']) }),
    wrong: [['lost', withSaid(), 'stale']],
  },
  'message.star': {
    deeds: [saying, of('message.star', '1', 'on')],
    right: where({ stars: new Set(['1 ada']) }),
    wrong: [['lost', withSaid(), 'stale']],
  },
  'message.pin': {
    deeds: [saying, of('message.pin', '1', 'off'), of('message.pin', '1', 'on')],
    right: withSaid({ isPinned: true }),
    wrong: [['undone', withSaid(), 'stale']],
  },
  'message.feedback': {
    deeds: [saying, of('message.feedback', 'v1', 'like')],
    right: answered(1, { feedback: new Map([['ada', 'like']]) }),
    wrong: [
      ['lost', answered(1), 'stale'],
      ['undone', answered(1, { feedback: new Map([['ada', 'dislike']]) }), 'stale'],
    ],
  },
  'agent.regenerate': {
    deeds: [saying, of('agent.regenerate', 'v1', null)],
    right: answered(2),
    wrong: [
      ['lost', answered(1), 'lost'],
      ['doubled', answered(3), 'doubled'],
      ['lost', inSession({ forks: { v1: { all: ['v1'], shown: 'v2' } } }, answered(2)), 'lost'],
      ['undone', answered(2, {}, 'v1'), 'stale'],
    ],
  },
  'agent.continue': {
    deeds: [saying, of('agent.continue', 'v1', null)],
    right: answered(2),
    wrong: [
      ['lost', answered(1), 'lost'],
      ['doubled', answered(3), 'doubled'],
    ],
  },
  'agent.stop': {
    deeds: [saying, of('agent.stop', 'v1', null)],
    right: answered(1, { turnStatus: 'stopped' }),
    wrong: [
      ['lost', answered(1, { turnStatus: 'streaming' }), 'stale'],
      [
        'doubled',
        inSession(
          { lastSeq: 4, events: [...eventsOf(answered(1)), event('message.completed', 4, 'v1')] },
          answered(1),
        ),
        'doubled',
      ],
      ['invented', answered(2, { turnStatus: 'stopped' }), 'invented'],
    ],
  },
  'message.show': {
    deeds: [
      saying,
      of('agent.regenerate', 'v1', null),
      of('message.show', 'v1', 'v2'),
      of('message.show', 'v1', 'v1'),
    ],
    right: answered(2, {}, 'v1'),
    wrong: [['undone', answered(2), 'stale']],
  },
  'receipt.mark': {
    deeds: [saying, of('receipt.mark', null, '5'), of('receipt.mark', null, '3')],
    right: inSession({ members: members(null, 5) }),
    wrong: [
      ['undone', inSession({ members: members(null, 3) }), 'lost'],
      ['invented', inSession({ members: members(null, 6) }), 'invented'],
    ],
  },
  'thread.read': {
    deeds: [saying, of('thread.read', '1', '5'), of('thread.read', '1', '3')],
    right: where({ threadMarks: new Map([['ada 1', 5]]) }),
    wrong: [
      ['lost', withSaid(), 'lost'],
      ['undone', where({ threadMarks: new Map([['ada 1', 3]]) }), 'lost'],
      ['invented', where({ threadMarks: new Map([['ada 1', 6]]) }), 'invented'],
    ],
  },
  'draft.set': {
    deeds: [saying, of('draft.set', null, 'x', { at: at(1) }), of('draft.set', null, '', { at: at(2) })],
    right: where({ drafts: new Map([['ada s', { content: '', at: at(2) }]]) }),
    wrong: [
      ['lost', withSaid(), 'lost'],
      ['undone', where({ drafts: new Map([['ada s', { content: 'x', at: at(1) }]]) }), 'stale'],
      ['invented', where({ drafts: new Map([['ada s', { content: 'y', at: at(3) }]]) }), 'invented'],
    ],
  },
  'session.create': {
    deeds: [saying, of('session.create', null, null)],
    right: inSession({ lastSeq: 2, events: [event('session.created', 1, null), created('1', 2)] }),
    wrong: [
      ['lost', withSaid(), 'lost'],
      [
        'doubled',
        inSession({
          lastSeq: 3,
          events: [1, 2].map((seq) => event('session.created', seq, null)).concat(created('1', 3)),
        }),
        'doubled',
      ],
    ],
  },
  'session.update': {
    deeds: [saying, of('session.update', null, 'Old'), of('session.update', null, 'New')],
    right: inSession({ title: 'New' }, withSaid({}, renamed('Old', 'New'))),
    wrong: [
      ['lost', inSession({ title: 'New' }, withSaid({}, renamed('New'))), 'lost'],
      ['doubled', inSession({ title: 'New' }, withSaid({}, renamed('Old', 'New', 'New'))), 'doubled'],
      ['undone', inSession({ title: 'Old' }, withSaid({}, renamed('Old', 'New'))), 'stale'],
    ],
  },
  'session.mine': {
    deeds: [saying, of('session.mine', null, '{"pinned":true}')],
    right: where({ mine: mine(true) }),
    wrong: [
      ['lost', withSaid(), 'stale'],
      ['undone', where({ mine: mine(false) }), 'stale'],
    ],
  },
  'session.setRole': {
    deeds: [saying, of('session.setRole', 'ben', 'owner')],
    right: inSession({ members: members('owner') }),
    wrong: [['lost', inSession({ members: members('member') }), 'stale']],
  },
  'session.addMember': {
    deeds: [saying, of('session.addMember', 'ben', null)],
    right: inSession({ members: members('member') }),
    wrong: [['lost', withSaid(), 'stale']],
  },
  'session.removeMember': {
    deeds: [saying, of('session.addMember', 'ben', null), of('session.removeMember', 'ben', null)],
    right: withSaid(),
    wrong: [['undone', inSession({ members: members('member') }), 'stale']],
  },
  'session.leave': {
    deeds: [saying, of('session.leave', null, null, { userId: 'ben' })],
    right: withSaid({}, [event('member.left', 2, 'ben', 'ben')]),
    wrong: [
      ['lost', withSaid(), 'lost'],
      [
        'undone',
        inSession({ members: members('member') }, withSaid({}, [event('member.left', 2, 'ben', 'ben')])),
        'stale',
      ],
      [
        'doubled',
        withSaid({}, [event('member.left', 2, 'ben', 'ben'), event('member.left', 3, 'ben', 'ben')]),
        'doubled',
      ],
    ],
  },
  'people.block': {
    deeds: [saying, of('people.block', 'ben', 'on')],
    right: where({ blocks: new Set(['ada ben']) }),
    wrong: [['lost', withSaid(), 'stale']],
  },
  'people.report': {
    deeds: [saying, of('people.report', '1', 'why')],
    right: where({ reports: ['why'] }),
    wrong: [
      ['lost', withSaid(), 'lost'],
      ['doubled', where({ reports: ['why', 'why'] }), 'doubled'],
    ],
  },
  'me.update': {
    deeds: [saying, of('me.update', null, 'Ada'), of('me.update', null, 'Ada L.')],
    right: where({ names: new Map([['ada', 'Ada L.']]) }),
    wrong: [['undone', where({ names: new Map([['ada', 'Ada']]) }), 'stale']],
  },
  ...keptRows(),
};

function renamed(...titles: string[]): TrueEvent[] {
  return titles.map((title, index) => event('session.updated', index + 2, null, title));
}

function eventsOf(base: Truth): TrueEvent[] {
  return base.sessions.get('s')?.events ?? [];
}

function keptRows() {
  const made = (op: OutboxOp): Row => ({
    deeds: [saying, of(op, 'p', 'x')],
    right: where({ kept: kept('x') }),
    wrong: [
      ['lost', withSaid(), 'lost'],
      ['undone', where({ kept: kept('y') }), 'stale'],
    ],
  });
  const changed = (op: OutboxOp): Row => ({
    deeds: [saying, of(op, 'p', 'x'), of(op, 'p', 'y')],
    right: where({ kept: kept('y') }),
    wrong: [['undone', where({ kept: kept('x') }), 'stale']],
  });
  const deleted = (op: OutboxOp): Row => ({
    deeds: [saying, of(op, 'p', null)],
    right: where({ kept: kept(null) }),
    wrong: [['undone', where({ kept: kept('x') }), 'lost']],
  });
  return {
    'project.create': made('project.create'),
    'project.update': changed('project.update'),
    'project.delete': deleted('project.delete'),
    'memory.add': made('memory.add'),
    'memory.update': changed('memory.update'),
    'memory.delete': deleted('memory.delete'),
  };
}

describe('every change that may wait in an outbox', () => {
  it('is drawn by the schedules', () => {
    expect([...drawnOps].sort()).toEqual([...outboxOps].sort());
  });

  it.each(outboxOps)('is judged: %s', (op) => {
    const { deeds, right, wrong } = rows[op];
    expect(deeds.some((one) => one.op === op)).toBe(true);
    expect(check(deeds, right)).toSatisfy(isClean);
    for (const [what, bad, reported] of wrong)
      expect([what, check(deeds, bad)[reported].length > 0]).toEqual([what, true]);
  });
});

describe('the checker of what is there but once', () => {
  it('finds a version of a question that is none, or that nobody can turn to', () => {
    const again = deed('2', 'b', { versionOf: '1' });
    const asked = (branchOf: string | null, all: string[]) =>
      inSession(
        { forks: { '1': { all, shown: '2' } } },
        truth([said, { ...message('2', 2, 'b'), branchOf }]),
      );
    expect(check([saying, again], asked('1', ['1', '2']))).toSatisfy(isClean);
    expect(check([saying, again], asked(null, ['1', '2'])).lost).not.toEqual([]);
    expect(check([saying, again], asked('1', ['1'])).lost).not.toEqual([]);
  });

  it('finds files in another order, and an answer whose end nobody was told', () => {
    const files = ['f', 'g'].map((id) => ({ id, bytes: new Uint8Array(3) }));
    const held = ['g', 'f'].map((id) => ({ id, bytes: 3 }));
    expect(check([{ ...saying, files }], withSaid({ files: held })).reordered).not.toEqual([]);
    const untold = answered(1);
    const events = eventsOf(untold).filter(({ type }) => type !== 'message.completed');
    expect(check([saying], inSession({ events, lastSeq: 2 }, untold)).lost).not.toEqual([]);
  });

  it('lets an answer be stopped by whose repetition came after they were removed, and by no other refusal', () => {
    const judge = (reason: 'FORBIDDEN' | 'RATE_LIMITED') =>
      check(
        [saying, of('agent.stop', 'v1', null, { outcome: 'failed', reason })],
        answered(1, { turnStatus: 'stopped' }),
      ).invented;
    expect(judge('FORBIDDEN')).toEqual([]);
    expect(judge('RATE_LIMITED')).not.toEqual([]);
  });

  it('asks nothing of marks and roles of whoever went and came back', () => {
    const moved = [
      of('session.removeMember', 'ada', null, { userId: 'ben' }),
      of('session.addMember', 'ada', null, { userId: 'ben' }),
    ];
    const deeds = [saying, of('receipt.mark', null, '5'), ...moved];
    expect(check(deeds, withSaid())).toSatisfy(isClean);
  });
});
