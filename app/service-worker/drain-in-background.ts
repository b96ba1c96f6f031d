import { ChatMessage } from '../../protocol/shapes.ts';
import { FileDb } from '../local-db/file-db.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { accountsOnDevice } from '../local-db/schema.ts';
import { createExclusive, PUSH_FROZEN_MS } from '../outbox/exclusive.ts';
import { Outbox } from '../outbox/outbox.ts';
import { createTrpc, failureOf } from '../trpc/client.ts';
import { messagesWithoutTheirFiles } from '../uploads/sends-with-files.ts';
import { TURN_FROZEN_MS, Uploader } from '../uploads/uploader.ts';

/**
 * Sends what waits on this device while no page is open: the same outbox behind the same lock (invariant 20). Whoever
 * is not signed in any more is refused by the server and keeps everything (invariant 25).
 * @returns how many changes still wait
 */
export async function drainInBackground(): Promise<number> {
  let waiting = 0;
  for (const userId of await accountsOnDevice()) {
    const db = await LocalDb.openExisting(userId);
    if (!db) continue;
    const files = new FileDb(db.storage, () => db.condition === 'wiped');
    try {
      const me = await db.getMe();
      if (!me) continue;
      const trpc = createTrpc({ account: me.id });
      let hasMore = false;
      const outbox = new Outbox({
        db,
        me: () => me,
        push: (mutations) => trpc.outbox.push.mutate({ mutations }),
        failureOf,
        exclusive: createExclusive(PUSH_FROZEN_MS),
        onSignedOut: () => {},
        // The next page that opens shows what the server has.
        onOwed: () => {},
        storedMessage: async (messageId) =>
          ChatMessage.parse((await trpc.message.thread.query({ messageId })).root),
        waitsForFiles: () => messagesWithoutTheirFiles(files),
        bringFilesAgain: async (send) => {
          const isBrought = await uploader.bringUpAgain(send);
          if (isBrought) hasMore = true;
          return isBrought;
        },
      });
      const uploader: Uploader = new Uploader({
        files,
        storage: db.storage,
        account: me.id,
        fetch: (input, init) => fetch(input, init),
        exclusive: createExclusive(TURN_FROZEN_MS),
        listOutbox: () => db.listOutbox(),
        finish: (id) => trpc.attachment.finish.mutate({ id }),
        failureOf,
        onReady: () => {},
        onRefused: (messageId, failure) => outbox.refuse(messageId, failure),
        onProgress: () => {},
      });
      // A message goes behind its files, and behind them once more where the server has them no longer.
      do {
        hasMore = false;
        await uploader.run();
        await outbox.drain();
      } while (hasMore);
      uploader.close();
      outbox.close();
      waiting += (await db.listOutbox()).filter((entry) => entry.state === 'queued').length;
    } finally {
      await files.close();
      await db.close();
    }
  }
  return waiting;
}
