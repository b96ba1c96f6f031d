import { Copy, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { InvitationRow } from '../../protocol/outputs.ts';
import { longWhen } from '../inbox/when.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { toast } from '../ui/toast.ts';

const DAY_HOURS = 24;

/** Links that let people in: made for as long as one chooses, listed, taken back. */
export function Invitations({ session }: { session: StoredSession }) {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  const [link, setLink] = useState<string | null>(null);
  const [hours, setHours] = useState(7 * DAY_HOURS);
  const [rows, setRows] = useState<InvitationRow[]>([]);
  const { id: sessionId } = session;

  const ask = useCallback(
    async () => (await client.trpc.session.invites.query({ sessionId })).invitations,
    [client, sessionId],
  );
  // What was made or taken back stands all the same; the list follows with the next connection.
  const refresh = () => ask().then(setRows, () => {});
  const canAsk = isLive && !session.pendingCreate;
  useEffect(() => {
    if (canAsk) return askUntilAnswered(ask, setRows);
  }, [canAsk, ask]);

  async function copy(url: string) {
    await navigator.clipboard?.writeText(url).then(
      () => toast.success(en.copied),
      () => {},
    );
  }

  async function invite() {
    try {
      // Made a moment ago: the server has to know it first.
      if (session.pendingCreate) await client.outbox.drain();
      const { url } = await client.trpc.session.invite.mutate({ sessionId, expiresInHours: hours });
      setLink(url);
      await copy(url);
      await refresh();
    } catch (error) {
      toast.error(failureOf(error)?.message ?? en.details.failed);
    }
  }

  async function revoke(token: string) {
    try {
      await client.trpc.session.revokeInvite.mutate({ sessionId, token });
      setLink(null);
      await refresh();
    } catch (error) {
      toast.error(failureOf(error)?.message ?? en.details.failed);
    }
  }

  return (
    <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-2">
      <Button onClick={() => void invite()}>{en.details.invite}</Button>
      <label className="flex items-center justify-between gap-2 text-sm text-soft">
        {en.details.inviteFor}
        <select
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
          className="min-h-11 rounded-control border border-line bg-surface ps-3 pe-8 text-ink wide:min-h-9"
        >
          {[1, DAY_HOURS, 7 * DAY_HOURS, 30 * DAY_HOURS].map((one) => (
            <option key={one} value={one}>
              {en.details.hours(one)}
            </option>
          ))}
        </select>
      </label>
      {link && (
        <input
          readOnly
          aria-label={en.details.copyLink}
          value={link}
          onFocus={(event) => event.currentTarget.select()}
          className="min-h-11 rounded-control border border-line bg-surface px-3 text-sm"
        />
      )}
      {rows.length > 0 && (
        <ul aria-label={en.details.invitations} className="grid grid-cols-[minmax(0,1fr)] gap-1">
          {rows.map(({ token, url, expiresAt }) => (
            <li key={token} className="flex items-center gap-1 text-sm">
              <span className="min-w-0 flex-1 text-soft">
                …{token.slice(-6)} · {en.details.until(longWhen(expiresAt))}
              </span>
              <IconButton label={en.details.copyThis} onClick={() => void copy(url)}>
                <Copy />
              </IconButton>
              <IconButton label={en.details.revoke} onClick={() => void revoke(token)}>
                <Trash2 />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
