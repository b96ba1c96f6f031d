import type { SessionId } from '../../protocol/ids.ts';
import type { Snapshot } from '../../protocol/outputs.ts';
import type { Me } from '../../protocol/shapes.ts';
import type { Device } from './device.ts';
import type { Deed } from './ledger.ts';

/** What the server has of one person alone, besides conversations. */
export interface OwnView extends Pick<Snapshot, 'projects' | 'memories' | 'drafts' | 'threads'> {
  me: Me | null;
}

/** How a device's copy of what is one's own differs from the server's: oneself, projects, memories, drafts, marks of threads. */
export async function ownDifferencesOf(
  device: Device,
  view: OwnView,
  deeds: readonly Deed[],
  say: (what: string) => void,
): Promise<void> {
  const { db, me } = device.client;
  for (const [what, held, stored] of [
    ['projects', await db.kept.projects(), view.projects],
    ['memories', await db.kept.memories(), view.memories],
  ] as const) {
    const [ours, theirs] = [held, stored].map((rows) => JSON.stringify([...rows].sort(byId)));
    if (ours !== theirs) say(`${what} are ${ours}, not ${theirs}`);
  }
  if (view.me)
    for (const [where, one] of [
      ['stored', await db.getMe()],
      ['shown', me.get()],
    ] as const)
      if (JSON.stringify(one) !== JSON.stringify(view.me))
        say(`oneself is ${where} as ${JSON.stringify(one)}, not ${JSON.stringify(view.me)}`);
  for (const { sessionId, messageId, readSeq } of view.threads) {
    const held = (await db.marked.threadMarks(sessionId)).get(messageId) ?? 0;
    if (held < readSeq) say(`the thread ${messageId} is read up to ${held}, not ${readSeq}`);
  }
  for (const { sessionId, content, at } of view.drafts) {
    const held = await db.drafts.get({ sessionId });
    if (held !== content && !mayBeNewer(device, sessionId, held, at, deeds))
      say(`the draft in ${sessionId} is ${held}, not ${content}`);
  }
}

/** Whether it was written on this device after what the server has; the others are told with the next change. */
function mayBeNewer(
  { name, person }: Device,
  sessionId: SessionId,
  held: string,
  at: string,
  deeds: readonly Deed[],
): boolean {
  return deeds.some(
    (deed) =>
      deed.op === 'draft.set' &&
      deed.device === name &&
      deed.userId === person.me.id &&
      deed.sessionId === sessionId &&
      deed.value === held &&
      (deed.at === undefined || deed.at >= at),
  );
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
