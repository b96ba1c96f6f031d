import { useState } from 'react';
import { newMessageId } from '../../protocol/ids.ts';
import type { Me } from '../../protocol/shapes.ts';
import { faceOf } from '../inbox/describe-session.ts';
import type { MessageRow, SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { Portrait } from '../people/portrait.tsx';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { toast } from '../ui/toast.ts';

/** Sends a message on, words and files, to one conversation or several. Waits in the outbox like any message. */
export function ForwardSheet({ message, me, onClose }: { message: MessageRow; me: Me; onClose(): void }) {
  const client = useChatClient();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<readonly SessionRow['id'][]>([]);
  const rows = useLiveQuery(() => client.db.listSessions(), ['sessions'], []);
  const shown = rows?.filter((row) =>
    faceOf(row, me.id).title.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase()),
  );

  async function send() {
    for (const sessionId of chosen)
      await client.outbox.enqueue('message.forward', {
        id: newMessageId(),
        messageId: message.id,
        sessionId,
      });
    toast.success(en.message.forwarded(chosen.length));
    onClose();
  }

  return (
    <Dialog open onOpenChange={onClose} title={en.message.forwardTo} closeLabel={en.close}>
      <p className="mb-3 line-clamp-2 border-s-[3px] border-line ps-2 text-sm text-soft" dir="auto">
        {message.content || message.attachments.map(({ name }) => name).join(', ')}
      </p>
      <Field
        label={en.message.forwardSearch}
        type="search"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <ul className="my-3 max-h-[40dvh] overflow-y-auto">
        {shown?.map((row) => {
          const face = faceOf(row, me.id);
          return (
            <li key={row.id}>
              <label className="flex min-h-12 cursor-pointer items-center gap-3 rounded-lg px-2 hover:bg-ink/5">
                <input
                  type="checkbox"
                  className="h-5 w-5 accent-indigo"
                  checked={chosen.includes(row.id)}
                  onChange={({ target }) =>
                    setChosen(target.checked ? [...chosen, row.id] : chosen.filter((one) => one !== row.id))
                  }
                />
                <Portrait
                  name={face.title}
                  colourKey={face.colourKey}
                  picture={face.picture}
                  isAgent={face.isAgent}
                  size={32}
                />
                <span className="truncate">{face.title}</span>
              </label>
            </li>
          );
        })}
      </ul>
      <Button
        look="primary"
        className="w-full"
        disabled={chosen.length === 0}
        onClick={() => void send().catch(() => toast.error(en.errors.generic))}
      >
        {en.message.forward}
      </Button>
    </Dialog>
  );
}
