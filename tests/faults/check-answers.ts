import { type Deed, type Findings, nameOf } from './ledger.ts';
import type { TrueMessage, Truth } from './truth.ts';

/**
 * Every answer has one end (invariant 16), none is stopped by nobody, each wish for another version has made one at most
 * and one at least (18), and every version can be turned to; the last word on which is shown counts.
 */
export function checkAnswers(deeds: readonly Deed[], truth: Truth, findings: Findings): void {
  const answers = [...truth.messages.values()].filter((message) => message.questionId !== null);
  for (const answer of answers) checkEnd(answer, deeds, truth, findings);
  for (const questionId of new Set(answers.map((answer) => answer.questionId)))
    checkVersions(
      answers.filter((answer) => answer.questionId === questionId),
      deeds,
      truth,
      findings,
    );
  checkQuestions(deeds, truth, findings);
  for (const session of truth.sessions.values())
    for (const [root, { shown }] of Object.entries(session.forks))
      checkShown(root, shown, deeds, truth, findings);
}

const happened = (deed: Deed) => deed.outcome !== 'failed';
/** No record is kept of a stop: who is removed after a first one that was never confirmed is refused its repetition. */
const wasRepeatedTooLate = ({ reason }: Deed) => reason === 'FORBIDDEN' || reason === 'NOT_FOUND';
const asksAnew = ({ op }: Deed) => op === 'agent.regenerate' || op === 'agent.continue';

function checkEnd(
  { id, sessionId, turnStatus, questionId }: TrueMessage,
  deeds: readonly Deed[],
  truth: Truth,
  findings: Findings,
): void {
  // One that has none yet is found elsewhere.
  if (turnStatus === 'queued' || turnStatus === 'streaming') return;
  const events = truth.sessions.get(sessionId)?.events ?? [];
  const ends = events.filter((event) => event.type === 'message.completed' && event.about === id).length;
  if (ends === 0) findings.lost.push(`nobody was told how the answer ${id} ended`);
  if (ends > 1) findings.doubled.push(`the answer ${id} ended ${ends} times`);
  // What was asked may be gone before anybody answered it.
  const mayBeStopped = deeds.some(
    (deed) =>
      (deed.op === 'agent.stop' && deed.about === id && (happened(deed) || wasRepeatedTooLate(deed))) ||
      (deed.op === 'message.delete' && deed.about === questionId && happened(deed)),
  );
  if (turnStatus === 'stopped' && !mayBeStopped) findings.invented.push(`nobody stopped the answer ${id}`);
}

function checkVersions(
  group: readonly TrueMessage[],
  deeds: readonly Deed[],
  truth: Truth,
  findings: Findings,
): void {
  const versions = group.toSorted((a, b) => (a.version ?? 0) - (b.version ?? 0));
  const [first] = versions;
  if (!first) return;
  if (versions.some(({ version }, index) => version !== index + 1))
    findings.doubled.push(
      `the answer ${first.id} has the versions ${versions.map(({ version }) => version).join(' ')}`,
    );
  const wishes = deeds.filter((deed) => asksAnew(deed) && deed.about === first.id && happened(deed));
  const [wish] = wishes.filter(({ outcome }) => outcome === 'acknowledged');
  if (wish && versions.length === 1) findings.lost.push(nameOf(wish));
  if (versions.length > 1 + wishes.length)
    findings.doubled.push(
      `the answer ${first.id} was written ${versions.length} times for ${wishes.length} wishes`,
    );
  const known = truth.sessions.get(first.sessionId)?.forks[first.id]?.all ?? [first.id];
  for (const { id, version } of versions)
    if (!known.includes(id))
      findings.lost.push(`nobody can turn to version ${version} of the answer ${first.id}`);
}

function checkQuestions(deeds: readonly Deed[], truth: Truth, findings: Findings): void {
  for (const deed of deeds) {
    const message = truth.messages.get(deed.about ?? '');
    if (!deed.versionOf || !message || message.isDeleted) continue;
    const { branchOf, sessionId, id } = message;
    const isKnown = truth.sessions.get(sessionId)?.forks[deed.versionOf]?.all.includes(id);
    if (branchOf !== deed.versionOf || !isKnown)
      findings.lost.push(`${nameOf(deed)} is no version of ${deed.versionOf}`);
  }
}

function checkShown(
  root: string,
  shown: string,
  deeds: readonly Deed[],
  truth: Truth,
  findings: Findings,
): void {
  // In place of one that is taken back another is shown.
  const isTakenBack = deeds.some(
    (deed) =>
      deed.op === 'message.delete' &&
      happened(deed) &&
      (deed.about === root || truth.messages.get(deed.about ?? '')?.branchOf === root),
  );
  const turns = deeds.filter(
    (deed) =>
      happened(deed) &&
      (deed.versionOf === root || (deed.about === root && (deed.op === 'message.show' || asksAnew(deed)))),
  );
  if (isTakenBack || !turns.some(({ outcome }) => outcome === 'acknowledged')) return;
  const may = new Set<string | null>();
  const add = (deed: Deed) =>
    may.add(asksAnew(deed) ? 'a new one' : deed.versionOf ? deed.about : deed.value);
  for (const deed of turns) if (deed.outcome === 'unknown') add(deed);
  for (const device of new Set(turns.map((deed) => deed.device))) {
    const known = turns.filter((deed) => deed.device === device && deed.outcome === 'acknowledged');
    // A wish may have turned to nothing, for another version was being written already: then what was said before counts.
    const last = known.findLastIndex((deed) => !asksAnew(deed));
    for (const deed of known.slice(Math.max(0, last))) add(deed);
  }
  if (may.has(shown) || (may.has('a new one') && shown !== root)) return;
  findings.stale.push(
    `of ${root} the version ${shown} is shown, and the last words were ${[...may].join(', ')}`,
  );
}
