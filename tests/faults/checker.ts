import { AGENT_ID } from '../../protocol/ids.ts';
import { isSend } from '../../protocol/outbox.ts';
import { checkAnswers } from './check-answers.ts';
import { checkFiles } from './check-files.ts';
import { checkLastWords } from './check-last-words.ts';
import { checkMarks } from './check-marks.ts';
import { type Deed, type Findings, nameOf, noFindings } from './ledger.ts';
import { isUnended, type TrueEvent, type Truth } from './truth.ts';

/** Refusals that a person may run into without anybody being at fault: removed meanwhile, deleted meanwhile, full. */
const fair = ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'];

/**
 * Compares what people did with what stands once the world is healed. An acknowledged change is there once; a failed
 * one is not there; an unknown one may have happened once or not at all (invariants 1, 2, 5 and 6). One device's
 * messages to one conversation stand in the order in which they were written (4); a conversation's events have no hole (3).
 */
export function check(deeds: readonly Deed[], truth: Truth): Findings {
  const findings = noFindings();
  checkLog(truth, findings);
  checkMessages(deeds, truth, findings);
  checkOrder(deeds, truth, findings);
  checkEvents(deeds, truth, findings);
  checkLastWords(deeds, truth, findings);
  checkKept(deeds, truth, findings);
  checkMarks(deeds, truth, findings);
  checkAnswers(deeds, truth, findings);
  checkFiles(deeds, truth, findings);
  for (const deed of deeds)
    if (deed.outcome === 'failed' && !fair.includes(deed.reason ?? ''))
      findings.lost.push(`${nameOf(deed)} was refused: ${deed.reason}`);
  return findings;
}

function checkLog(truth: Truth, findings: Findings): void {
  for (const { id, events, lastSeq } of truth.sessions.values()) {
    const seqs = events.map((event) => event.seq);
    if (seqs.some((seq, index) => seq !== index + 1) || seqs.length !== lastSeq)
      findings.lost.push(`${id} has the events ${seqs.join(' ')} and says that its last is ${lastSeq}`);
  }
  for (const message of truth.messages.values())
    if (isUnended(message.turnStatus)) findings.stale.push(`the answer ${message.id} has no end`);
}

function checkMessages(deeds: readonly Deed[], truth: Truth, findings: Findings): void {
  const sends = new Map(deeds.filter((deed) => isSend(deed.op)).map((deed) => [deed.about, deed]));
  const texts = new Map(deeds.map((deed) => [deed.value, deed]));
  const seen = new Set<string>();
  for (const { id, userId, content, isDeleted } of truth.messages.values()) {
    if (userId === AGENT_ID) continue;
    const send = sends.get(id);
    if (!send || send.userId !== userId) findings.invented.push(`${id}: ${content}`);
    else if (send.outcome === 'failed')
      findings.invented.push(`${nameOf(send)} was reported failed, and stands`);
    if (isDeleted) continue;
    const text = texts.get(content);
    // Forwarded words are those of another message, as often as somebody forwards them.
    if (text && text.about !== id && send?.op === 'message.forward') continue;
    if (!text || text.about !== id) findings.invented.push(`${id} says ${content}`);
    else if (text.outcome === 'failed')
      findings.invented.push(`${nameOf(text)} was reported failed, and stands`);
    if (seen.has(content)) findings.doubled.push(content);
    seen.add(content);
  }
  for (const send of sends.values())
    if (send.outcome === 'acknowledged' && !truth.messages.has(send.about ?? ''))
      findings.lost.push(nameOf(send));
}

function checkOrder(deeds: readonly Deed[], truth: Truth, findings: Findings): void {
  const last = new Map<string, { seq: number; deed: Deed }>();
  for (const deed of deeds) {
    const message = isSend(deed.op) ? truth.messages.get(deed.about ?? '') : undefined;
    if (!message) continue;
    const key = `${deed.device} ${deed.userId} ${deed.sessionId}`;
    const before = last.get(key);
    if (before && before.seq > message.seq && !isForgotten(before.deed, deed))
      findings.reordered.push(`${nameOf(deed)} stands before ${before.deed.value}`);
    last.set(key, { seq: message.seq, deed });
  }
}

/** A request of a device that has since lost its memory may arrive behind what its next life says: no retry can order them. */
const isForgotten = (earlier: Deed, later: Deed) =>
  earlier.outcome === 'unknown' && earlier.life < later.life;

/** How many events each kind of change must have left: one for each, not two for any. */
function checkEvents(deeds: readonly Deed[], truth: Truth, findings: Findings): void {
  // Words that were changed while a message waited become that message's when it is refused: its edits are gone then.
  const refused = new Set(
    deeds.filter((deed) => isSend(deed.op) && deed.outcome === 'failed').map((deed) => deed.about),
  );
  const count = (op: Deed['op'], accepts: (event: TrueEvent, deed: Deed) => boolean) => {
    const groups = new Map<string, Deed[]>();
    for (const deed of deeds) {
      if (deed.op !== op) continue;
      const what = op === 'session.update' ? deed.value : op === 'session.leave' ? deed.userId : '';
      const key = `${deed.sessionId} ${deed.about} ${what}`;
      groups.set(key, [...(groups.get(key) ?? []), deed]);
    }
    for (const group of groups.values()) {
      const [first] = group;
      // What never came to be, or was never seen, leaves no trace when it is deleted.
      if (!first || (op === 'message.delete' && !truth.messages.has(first.about ?? ''))) continue;
      if (op === 'message.edit' && refused.has(first.about)) continue;
      const events = truth.sessions.get(first.sessionId)?.events ?? [];
      const happened = events.filter((event) => accepts(event, first)).length;
      const sure = group.filter((deed) => deed.outcome === 'acknowledged').length;
      const most = sure + group.filter((deed) => deed.outcome === 'unknown').length;
      if (happened < sure) findings.lost.push(`${nameOf(first)}: ${happened} of ${sure}`);
      if (happened > most) findings.doubled.push(`${nameOf(first)}: ${happened} of ${most}`);
    }
  };
  count('message.send', (event, deed) => event.type === 'message.created' && event.about === deed.about);
  count('message.forward', (event, deed) => event.type === 'message.created' && event.about === deed.about);
  count('message.edit', (event, deed) => event.type === 'message.edited' && event.about === deed.about);
  count('message.delete', (event, deed) => event.type === 'message.deleted' && event.about === deed.about);
  count('session.create', (event) => event.type === 'session.created');
  count('session.update', (event, deed) => event.type === 'session.updated' && event.detail === deed.value);
  count(
    'session.leave',
    (event, deed) =>
      event.type === 'member.left' && event.about === deed.userId && event.detail === deed.userId,
  );
}

/** Projects, memories and reports leave no events: what was made is there once, what was deleted is gone. */
function checkKept(deeds: readonly Deed[], truth: Truth, findings: Findings): void {
  for (const deed of deeds) {
    const held = truth.kept.get(deed.about ?? '');
    if (deed.op === 'project.create' || deed.op === 'memory.add') {
      if (deed.outcome === 'acknowledged' && held === undefined) findings.lost.push(nameOf(deed));
      if (deed.outcome === 'failed' && held !== undefined)
        findings.invented.push(`${nameOf(deed)} was reported failed, and stands`);
    }
    if (deed.op === 'project.delete' || deed.op === 'memory.delete') {
      if (deed.outcome === 'acknowledged' && held) findings.lost.push(`${nameOf(deed)}: ${held} stands`);
    }
    if (deed.op === 'people.report') {
      const made = truth.reports.filter((reason) => reason === deed.value).length;
      if (deed.outcome === 'acknowledged' && made === 0) findings.lost.push(nameOf(deed));
      if (deed.outcome === 'failed' && made > 0)
        findings.invented.push(`${nameOf(deed)} was reported failed, and stands`);
      if (made > 1) findings.doubled.push(`${nameOf(deed)}: ${made} times`);
    }
  }
}
