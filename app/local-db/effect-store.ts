import { Me } from '../../protocol/shapes.ts';
import type { Topic } from './changes.ts';
import type { EffectStore } from './effects.ts';
import { KeptRows } from './kept.ts';
import type { RowParser } from './row-parser.ts';
import { MessageRow, StoredSession } from './rows.ts';
import type { WriteTransaction } from './schema.ts';
import { putThreadMark } from './thread-marks.ts';

/** The rows of a transaction, as an optimistic effect sees them. */
export function effectStore(tx: WriteTransaction, touched: Set<Topic>, parser: RowParser): EffectStore {
  const kept = new KeptRows(tx, touched, parser);
  return {
    project: (id) => kept.project(id),
    putProject: (id, project) => kept.putProject(id, project),
    memory: (id) => kept.memory(id),
    putMemory: (id, memory) => kept.putMemory(id, memory),
    session: async (id) => parser.one('sessions', StoredSession, await tx.objectStore('sessions').get(id)),
    message: async (id) => parser.one('messages', MessageRow, await tx.objectStore('messages').get(id)),
    putSession: async (session) => {
      await tx.objectStore('sessions').put(session);
      touched.add('sessions').add(`messages:${session.id}`);
    },
    putMessage: async (message) => {
      await tx.objectStore('messages').put(message);
      touched.add('sessions').add(`messages:${message.sessionId}`).add(`message:${message.id}`);
    },
    putThreadMark: async (mark) => {
      await putThreadMark(tx, mark);
      touched.add(`messages:${mark.sessionId}`);
    },
    me: async () => Me.safeParse(await tx.objectStore('meta').get('me')).data ?? null,
    putMe: async (me) => {
      await tx.objectStore('meta').put(me, 'me');
      touched.add('sessions');
    },
    putJournal: async (entry) => {
      await tx.objectStore('journal').put(entry);
      touched.add('journal');
    },
  };
}
