import { nothingMade, QUEUED_SORT_KEY } from '../../app/local-db/rows.ts';
import type { ChatClient } from '../../app/sync/chat-client.ts';
import type { Trpc } from '../../app/trpc/client.ts';
import { fingerprintOf } from '../../protocol/fingerprint.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { MessagePage, Snapshot } from '../../protocol/outputs.ts';
import { type ChatMessage, ChatSession, Me, SessionMine } from '../../protocol/shapes.ts';
import { type OwnView, ownDifferencesOf } from './copies-of-own.ts';
import type { Device } from './device.ts';
import type { Deed } from './ledger.ts';

/** One person's conversations as the server has them for that person. */
export interface ServerView {
  sessions: { session: ChatSession; messages: ChatMessage[]; mine: SessionMine }[];
  own: OwnView;
}

export const nothingSeen: ServerView = {
  sessions: [],
  own: { me: null, projects: [], memories: [], drafts: [], threads: [] },
};

export async function viewOf(trpc: Trpc): Promise<ServerView> {
  const listed = [
    ...(await trpc.session.list.query({})),
    ...(await trpc.session.list.query({ archived: true })),
  ];
  const sessions: ServerView['sessions'] = [];
  const { mine, ...kept } = Snapshot.parse(await trpc.sync.snapshot.query());
  const me = Me.parse(await trpc.me.get.query());
  const own = new Map(mine.map((one) => [one.sessionId, one.mine]));
  for (const { id } of listed) {
    const messages: ChatMessage[] = [];
    for (let before: number | undefined; ; before = messages[0]?.seq) {
      const page = MessagePage.parse(
        await trpc.message.list.query({ sessionId: id, limit: 200, ...(before ? { before } : {}) }),
      );
      messages.unshift(...page.messages);
      if (!page.hasMore) break;
    }
    // Read last: whatever came meanwhile makes the two differ, and they are compared again.
    const session = await trpc.session.get.query({ sessionId: id });
    sessions.push({ session, messages, mine: own.get(id as SessionId) ?? nothingMade });
  }
  return { sessions, own: { me, ...kept } };
}

/** Whether a device has nothing left to do: live, and nothing waits in its outbox, quiet things included. */
export async function isIdle(device: Device): Promise<boolean> {
  if (device.isClosed) return false;
  const { client } = device;
  if (device.tabs.some((tab) => tab.connection.get().kind !== 'live')) return false;
  return (await client.db.listOutbox()).every((entry) => entry.state === 'failed');
}

/**
 * How a device's copy differs from the server's (invariants 7 and 13, M1): the conversation itself, the
 * fingerprint of its messages, feedback, stars, unread counts, and what is one's own.
 */
export async function differencesOf(
  device: Device,
  view: ServerView,
  deeds: readonly Deed[],
): Promise<string[]> {
  const { client, person } = device;
  const found: string[] = [];
  const say = (what: string) => found.push(`${device.name}: ${what}`);
  const shownRows = [
    ...(await client.db.listSessions()),
    ...(await client.db.listSessions({ archived: true })),
  ];
  for (const { session, messages, mine } of view.sessions) {
    const held = await client.db.getSession(session.id);
    if (!held || held.left || held.pendingCreate) {
      say(`${session.title} is not held`);
      continue;
    }
    const oldest = held.hasOlder ? ((await client.db.oldestSeq(session.id)) ?? 0) : 0;
    const rows = await client.db.messagesBetween(session.id, oldest, QUEUED_SORT_KEY - 1);
    const expected = messages.filter((message) => message.seq >= oldest);
    const [ours, theirs] = [held, session].map((one) => JSON.stringify(ordered(ChatSession.parse(one))));
    if (ours !== theirs) say(`${session.title} is ${ours}, not ${theirs}`);
    if (fingerprintOf(rows) !== fingerprintOf(expected))
      say(`${session.title} holds ${contents(rows)}, not ${contents(expected)}`);
    else if (rows.some((row, index) => row.feedback !== expected[index]?.feedback))
      say(`${session.title} differs in feedback`);
    else if (starsOf(rows) !== starsOf(expected))
      say(`${session.title} has stars ${starsOf(rows)}, not ${starsOf(expected)}`);
    const [kept, stored] = [held.mine, mine].map((one) => JSON.stringify(SessionMine.parse(one)));
    if (kept !== stored) say(`${session.title} is kept as ${kept}, not ${stored}`);
    const readSeq = session.members.find((member) => member.userId === person.me.id)?.readSeq ?? 0;
    const unread = messages.filter(
      (message) => message.seq > readSeq && message.userId !== person.me.id && message.deletedAt === null,
    ).length;
    const shown = shownRows.find((row) => row.id === session.id)?.unread ?? 0;
    if (oldest <= readSeq && shown !== unread) say(`${session.title} shows ${shown} unread of ${unread}`);
    await checkQueued(client, session.id, say);
  }
  await ownDifferencesOf(device, view.own, deeds, say);
  const present = new Set<string>(view.sessions.map(({ session }) => session.id));
  for (const session of await client.db.listSessions())
    if (!present.has(session.id) && !session.left && !session.pendingCreate)
      say(
        `${session.title} (${session.id}) is held up to ${session.lastSeq}, and ${person.me.name} is not in it`,
      );
  return found;
}

/** Asks the server itself to compare (sync.verify): nothing may be left to mend. */
export async function mendedBy(device: Device, view: ServerView): Promise<string[]> {
  const found: string[] = [];
  for (const { session } of view.sessions) {
    const mended = await device.client.verify(session.id);
    if (mended > 0) found.push(`${device.name}: ${mended} rows of ${session.title} had to be mended`);
  }
  return found;
}

/** Whatever still waits on the screen must wait in the outbox, too: everything ends acknowledged or visibly failed (5). */
async function checkQueued(
  client: ChatClient,
  sessionId: SessionId,
  say: (what: string) => void,
): Promise<void> {
  const entries = new Set((await client.db.listOutbox()).map((entry) => entry.mutationId));
  for (const row of await client.db.listMessages(sessionId, { limit: 100_000 })) {
    if (row.local === null) continue;
    if (row.local.state !== 'failed') say(`${row.content} waits for ever`);
    else if (!entries.has(row.local.mutationId)) say(`${row.content} failed, and cannot be tried again`);
  }
}

const contents = (rows: readonly ChatMessage[]) =>
  rows.map((row) => `${row.seq} ${row.deletedAt ? 'deleted' : row.content}`).join(' | ');

const starsOf = (rows: readonly ChatMessage[]) =>
  rows.flatMap(({ seq, starredAt }) => (starredAt ? [`${seq} ${starredAt}`] : [])).join(' | ');

/** The order of people in a conversation says nothing, and neither does that of the places where it has versions. */
function ordered(session: ChatSession): ChatSession {
  const members = [...session.members].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const forks = Object.entries(session.forks).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...session, members, forks: Object.fromEntries(forks) };
}
