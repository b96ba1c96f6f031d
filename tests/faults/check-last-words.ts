import { type Deed, type Findings, mayHaveMoved } from './ledger.ts';
import type { Truth } from './truth.ts';

/** Something that has one value at a time, what a change said of it, and what it holds at last. */
interface Slot {
  name: string;
  said: string | null;
  /** undefined: there is nothing to compare any more. */
  holds: string | null | undefined;
}

const onOff = (on: boolean) => (on ? 'on' : 'off');

/** Of what has one value at a time, the last word counts: that of one of the devices that spoke. */
export function checkLastWords(deeds: readonly Deed[], truth: Truth, findings: Findings): void {
  const words = new Map<string, { slot: Slot; deed: Deed }[]>();
  for (const deed of deeds) {
    const slot = slotOf(deed, deeds, truth);
    if (slot) words.set(slot.name, [...(words.get(slot.name) ?? []), { slot, deed }]);
  }
  for (const [name, spoken] of words) {
    const holds = spoken[0]?.slot.holds;
    if (holds === undefined) continue;
    // Whatever is not known to have happened may have been the last word: it may arrive as late as it likes.
    const may = new Set(spoken.flatMap(({ slot, deed }) => (deed.outcome === 'unknown' ? [slot.said] : [])));
    for (const device of new Set(spoken.map(({ deed }) => deed.device))) {
      const known = ({ deed }: { deed: Deed }) => deed.device === device && deed.outcome === 'acknowledged';
      const last = spoken.findLast(known);
      if (last) may.add(last.slot.said);
    }
    if (may.size > 0 && !may.has(holds) && spoken.some(({ deed }) => deed.outcome === 'acknowledged'))
      findings.stale.push(`${name} holds ${holds}, and the last words were ${[...may].join(', ')}`);
  }
}

function slotOf(deed: Deed, deeds: readonly Deed[], truth: Truth): Slot | null {
  const { op, about, value, userId, sessionId } = deed;
  const message = truth.messages.get(about ?? '');
  const living = message?.isDeleted === false ? message : null;
  const session = truth.sessions.get(sessionId);
  const slot = (name: string, holds: Slot['holds'], said = value): Slot => ({ name, said, holds });
  switch (op) {
    case 'message.edit':
      return slot(`text of ${about}`, living?.content);
    case 'message.feedback':
      return slot(
        `feedback of ${userId} on ${about}`,
        living?.feedback.get(userId) ?? (living ? null : undefined),
      );
    case 'message.react': {
      const emoji = value?.split(' ')[0];
      const holds = living && `${emoji} ${onOff(living.reactions.has(`${emoji} ${userId}`))}`;
      return slot(`reaction of ${userId} on ${about}`, holds ?? undefined);
    }
    case 'message.star':
      return slot(
        `star of ${userId} on ${about}`,
        living ? onOff(truth.stars.has(`${about} ${userId}`)) : undefined,
      );
    case 'message.pin':
      return slot(`pin of ${about}`, living ? onOff(living.isPinned) : undefined);
    case 'session.update':
      return slot(`title of ${sessionId}`, session?.title);
    case 'session.mine': {
      const mine = truth.mine.get(`${userId} ${sessionId}`);
      const [[what, said] = ['', null]] = Object.entries(JSON.parse(value ?? '{}'));
      const holds: Record<string, unknown> = {
        pinned: false,
        mutedUntil: null,
        markedUnread: false,
        ...mine,
      };
      return slot(`${what} of ${userId} in ${sessionId}`, session && String(holds[what]), String(said));
    }
    case 'session.setRole': {
      // Who leaves hands the conversation over, and who comes back is an ordinary member.
      const isSettled = [...(session?.members.keys() ?? [])].every(
        (member) => !mayHaveMoved(deeds, sessionId, member),
      );
      const role = isSettled ? session?.members.get(about ?? '')?.role : undefined;
      return slot(`role of ${about} in ${sessionId}`, role);
    }
    case 'session.addMember':
    case 'session.removeMember':
    case 'session.leave': {
      const who = op === 'session.leave' ? userId : (about ?? '');
      const isIn = session?.members.has(who);
      // A block ends a conversation of two.
      const isBlocked = deeds.some(
        (one) =>
          one.op === 'people.block' && one.outcome !== 'failed' && one.about === who && one.value === 'on',
      );
      const holds = session && !(isBlocked && !isIn) ? (isIn ? 'in' : 'out') : undefined;
      return slot(`place of ${who} in ${sessionId}`, holds, op === 'session.addMember' ? 'in' : 'out');
    }
    case 'people.block':
      return slot(`block of ${about} by ${userId}`, onOff(truth.blocks.has(`${userId} ${about}`)));
    case 'project.create':
    case 'project.update':
      return slot(`title of ${about}`, truth.kept.get(about ?? '') ?? undefined);
    case 'memory.add':
    case 'memory.update':
      return slot(`text of ${about}`, truth.kept.get(about ?? '') ?? undefined);
    case 'me.update':
      return slot(`name of ${userId}`, truth.names.get(userId));
    default:
      return null;
  }
}
