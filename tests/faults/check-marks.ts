import { type Deed, type Findings, mayHaveMoved, nameOf } from './ledger.ts';
import type { Truth } from './truth.ts';

/**
 * Marks only move forward: each is the furthest that was reported, and no further (invariant 13). Of a draft the newest
 * counts, by the clock of whoever wrote it.
 */
export function checkMarks(deeds: readonly Deed[], truth: Truth, findings: Findings): void {
  for (const group of groupsOf(deeds)) {
    const [first] = group;
    if (!first || mayHaveMoved(deeds, first.sessionId, first.userId)) continue;
    if (first.op === 'draft.set') checkDraft(group, first, truth, findings);
    else checkMark(group, first, truth, findings);
  }
}

/** Those that speak of the same thing. */
function groupsOf(deeds: readonly Deed[]): Iterable<Deed[]> {
  const groups = new Map<string, Deed[]>();
  for (const deed of deeds) {
    if (deed.op !== 'receipt.mark' && deed.op !== 'thread.read' && deed.op !== 'draft.set') continue;
    const key = `${deed.op} ${deed.userId} ${deed.sessionId} ${deed.about}`;
    groups.set(key, [...(groups.get(key) ?? []), deed]);
  }
  return groups.values();
}

function checkMark(group: readonly Deed[], first: Deed, truth: Truth, findings: Findings): void {
  const { op, userId, about, sessionId } = first;
  const holds =
    op === 'receipt.mark'
      ? truth.sessions.get(sessionId)?.members.get(userId)?.readSeq
      : (truth.threadMarks.get(`${userId} ${about}`) ?? 0);
  // Nobody is in a conversation that never came to be.
  if (holds === undefined || !truth.sessions.has(sessionId)) return;
  const furthest = (some: readonly Deed[]) => Math.max(0, ...some.map(({ value }) => Number(value)));
  const sure = furthest(group.filter(({ outcome }) => outcome === 'acknowledged'));
  const most = furthest(group);
  if (holds < sure) findings.lost.push(`${nameOf(first)}: ${sure} was marked, ${holds} stands`);
  if (holds > most) findings.invented.push(`${nameOf(first)}: ${holds} stands, ${most} was marked at most`);
}

function checkDraft(group: readonly Deed[], first: Deed, truth: Truth, findings: Findings): void {
  const { userId, sessionId } = first;
  if (!truth.sessions.has(sessionId)) return;
  const held = truth.drafts.get(`${userId} ${sessionId}`);
  const told = group.flatMap(({ at, outcome }) => (at && outcome === 'acknowledged' ? [at] : []));
  const newest = told.sort().at(-1);
  if (newest && !held) findings.lost.push(`the draft of ${nameOf(first)}`);
  if (!held) return;
  // A message that was written in its place has emptied it.
  const written =
    held.content === '' || group.some(({ value, at = held.at }) => value === held.content && at === held.at);
  if (!written) findings.invented.push(`the draft ${held.content} of ${held.at}`);
  if (newest && held.at < newest)
    findings.stale.push(`the draft ${held.content} of ${held.at}, not of ${newest}`);
}
