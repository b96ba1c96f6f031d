import { describe, expect, it } from 'vitest';
import { check } from './checker.ts';
import { type Deed, isClean } from './ledger.ts';
import { created, deed, message, onlyIn, truth } from './made-up-truth.ts';
import type { Truth } from './truth.ts';

describe('the checker', () => {
  const a = message('1', 1, 'a');
  const b = message('2', 2, 'b');

  it('accepts what was written once, in order', () => {
    expect(isClean(check([deed('1', 'a'), deed('2', 'b')], truth([a, b])))).toBe(true);
  });

  it('accepts that an unknown call happened once or not at all', () => {
    const unknown = [deed('1', 'a', { outcome: 'unknown' })];
    expect(isClean(check(unknown, truth([a])))).toBe(true);
    expect(isClean(check(unknown, truth([])))).toBe(true);
  });

  it('finds what was lost', () => {
    expect(check([deed('1', 'a')], truth([])).lost).not.toEqual([]);
    const hole = truth([a]);
    hole.sessions.get('s')?.events.push(created('x', 3));
    expect(check([deed('1', 'a')], hole).lost).not.toEqual([]);
    const edit = deed('1', 'a2', { op: 'message.edit' });
    expect(check([deed('1', 'a'), edit], truth([a])).lost).not.toEqual([]);
    const refused = deed('1', 'a', { outcome: 'failed', reason: 'ID_REUSED' });
    expect(onlyIn(check([refused], truth([])), 'lost')).toBe(true);
  });

  it('finds what was doubled', () => {
    const twice = [deed('1', 'a'), deed('2', 'b')];
    expect(check(twice, truth([a, b, message('3', 3, 'b')])).doubled).not.toEqual([]);
    const edited = { ...a, content: 'a2' };
    const events = [2, 3].map((seq) => ({ seq, type: 'message.edited', about: '1', detail: null }));
    const edit = deed('1', 'a2', { op: 'message.edit' });
    expect(onlyIn(check([deed('1', 'a'), edit], truth([edited], events)), 'doubled')).toBe(true);
  });

  it('finds what was reordered', () => {
    expect(onlyIn(check([deed('2', 'b'), deed('1', 'a')], truth([a, b])), 'reordered')).toBe(true);
  });

  it('lets only what a device forgot be overtaken, and only by what that device said afterwards', () => {
    const judge = (earlier: Partial<Deed>, later: Partial<Deed>) =>
      check([deed('2', 'b', earlier), deed('1', 'a', later)], truth([a, b])).reordered;
    expect(judge({ outcome: 'unknown' }, { life: 1 })).toEqual([]);
    expect(judge({ outcome: 'unknown' }, {})).not.toEqual([]);
    expect(judge({}, { life: 1 })).not.toEqual([]);
  });

  it('finds what nobody wrote, and what was reported failed and stands', () => {
    expect(check([], truth([a])).invented).not.toEqual([]);
    const failed = deed('1', 'a', { outcome: 'failed', reason: 'FORBIDDEN' });
    expect(check([failed], truth([a])).invented).not.toEqual([]);
  });

  it('finds an old word where a newer one was acknowledged', () => {
    const edits = ['a2', 'a3'].map((value) => deed('1', value, { op: 'message.edit' }));
    const events = [2, 3].map((seq) => ({ seq, type: 'message.edited', about: '1', detail: null }));
    const findings = check([deed('1', 'a'), ...edits], truth([{ ...a, content: 'a2' }], events));
    expect(onlyIn(findings, 'stale')).toBe(true);
  });

  it('finds what one keeps lost, undone, back again, or made twice', () => {
    const kept = (held: string | null | undefined, reports: string[] = []): Truth => ({
      ...truth([]),
      kept: new Map(held === undefined ? [] : [['p', held]]),
      reports,
    });
    const made = deed('p', 'title', { op: 'project.create' });
    expect(isClean(check([made], kept('title')))).toBe(true);
    expect(onlyIn(check([made], kept(undefined)), 'lost')).toBe(true);
    expect(onlyIn(check([made], kept('another')), 'stale')).toBe(true);
    const gone = deed('p', '', { op: 'project.delete', value: null });
    expect(isClean(check([made, gone], kept(null)))).toBe(true);
    expect(onlyIn(check([made, gone], kept('title')), 'lost')).toBe(true);
    const failed = { ...made, outcome: 'failed', reason: 'CONFLICT' } as const;
    expect(onlyIn(check([failed], kept('title')), 'invented')).toBe(true);
    const report = deed('1', 'reason', { op: 'people.report' });
    expect(isClean(check([report], kept(undefined, ['reason'])))).toBe(true);
    expect(onlyIn(check([report], kept(undefined)), 'lost')).toBe(true);
    expect(onlyIn(check([report], kept(undefined, ['reason', 'reason'])), 'doubled')).toBe(true);
  });

  it('accepts words that were forwarded, and finds a forward that is gone or there twice', () => {
    const forward = deed('9', '', { op: 'message.forward', value: null });
    const there = message('9', 3, 'a');
    const said = [deed('1', 'a'), deed('2', 'b'), forward];
    expect(isClean(check(said, truth([a, b, there])))).toBe(true);
    expect(check(said, truth([a, b])).lost).not.toEqual([]);
    expect(check(said, truth([a, b, there], [created('9', 4)])).doubled).not.toEqual([]);
    expect(check(said, truth([a, b, { ...there, content: 'nobody said it' }])).invented).not.toEqual([]);
  });

  it('finds an answer without an end', () => {
    const answer = { ...message('3', 1, ''), userId: 'ai-agent', turnStatus: 'streaming' };
    expect(onlyIn(check([], truth([answer])), 'stale')).toBe(true);
  });
});
