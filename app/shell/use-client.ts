import { useEffect, useState } from 'react';
import { Me } from '../../protocol/shapes.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { backoff } from '../outbox/backoff.ts';
import { readLastAccount, rememberAccount } from '../sign-in/last-account.ts';
import { leaveLater } from '../sign-in/leave-later.ts';
import { isLeaving, isSomebodyLeaving } from '../sign-in/leaving.ts';
import { ChatClient } from '../sync/chat-client.ts';
import { createTrpc, failureOf } from '../trpc/client.ts';
import { networkChance } from './network-chance.ts';

export type ClientState =
  | { kind: 'starting' }
  | { kind: 'ready'; client: ChatClient }
  | { kind: 'signed-out' }
  /** Nothing is here to be shown, and nobody answers: asked again for as long as this page is open. */
  | { kind: 'unreachable' }
  /** Signed out here, and the server has not heard of it yet. */
  | { kind: 'left' }
  /** A tab of an older version stands in the way of an upgrade. */
  | { kind: 'blocked' }
  /** A private window, or a browser that was told to keep nothing. */
  | { kind: 'no-storage' }
  /** What is here was written by a newer version of the app, which this page is too old to read. */
  | { kind: 'outdated' }
  | { kind: 'full' };

/** Opens this account's copy: at once if it is here, and then asks the server whether the account still is. */
export function useClient(): ClientState {
  const [state, setState] = useState<ClientState>({ kind: 'starting' });
  useEffect(() => {
    let isGone = false;
    const held: { client: ChatClient | null } = { client: null };
    const show = (next: ClientState) => {
      if (!isGone) setState(next);
    };
    const use = async (me: Me) => {
      if (isGone || held.client?.me.get().id === me.id) return;
      const opened = await ChatClient.open(me, {}, undefined, () => show({ kind: 'blocked' }));
      opened.db.onCondition(async (condition) => {
        if (condition !== 'wiped') return;
        // Signed out in another tab; or the browser, or somebody with its tools, deleted what was here.
        if ((await isSomebodyLeaving()) || readLastAccount() !== me.id) {
          opened.forgetTyped();
          return window.location.replace('/');
        }
        held.client = null;
        await opened.stop();
        await use(opened.me.get());
      });
      // Made behind the back of whoever signed out meanwhile.
      if (await isSomebodyLeaving()) {
        await opened.wipe();
        return window.location.replace('/');
      }
      if (isGone) return void opened.stop();
      await held.client?.stop();
      held.client = opened;
      opened.start();
      show({ kind: 'ready', client: opened });
    };
    void (async () => {
      if (isLeaving()) {
        leaveLater();
        return show({ kind: 'left' });
      }
      const last = await lastAccount();
      try {
        if (last) await use(last);
      } catch (error) {
        return show(withoutStorage(error));
      }
      const shown = held.client?.me.get();
      let me: Me | null = null;
      for (let tries = 1; me === null; tries += 1) {
        try {
          me = Me.parse(await createTrpc().me.get.query());
        } catch (error) {
          // With a copy open, its own connection sees to that.
          if (last) return;
          if (failureOf(error)?.reason === 'UNAUTHENTICATED') return show({ kind: 'signed-out' });
          show({ kind: 'unreachable' });
          await networkChance(backoff(tries));
          if (isGone) return;
        }
      }
      try {
        if (await isSomebodyLeaving()) {
          // With a copy open, its deletion leads away from here.
          if (!held.client) window.location.replace('/');
          return;
        }
        rememberAccount(me.id);
        await use(me);
        const { client } = held;
        // What was told or changed here while we asked is newer than the answer, and so is what waits to be sent.
        if (client && shown && (await client.unsent()) === 0) await client.db.saveMe(me, shown);
      } catch (error) {
        if (!held.client) show(withoutStorage(error));
      }
    })();
    return () => {
      isGone = true;
      void held.client?.stop();
    };
  }, []);
  return state;
}

function withoutStorage(error: unknown): ClientState {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'VersionError') return { kind: 'outdated' };
  return { kind: name === 'QuotaExceededError' ? 'full' : 'no-storage' };
}

async function lastAccount(): Promise<Me | null> {
  try {
    const userId = readLastAccount();
    if (userId === null) return null;
    const db = await LocalDb.openExisting(userId);
    const me = (await db?.getMe()) ?? null;
    await db?.close();
    return me;
  } catch {
    return null;
  }
}
